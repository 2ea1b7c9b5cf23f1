/** The sample below which this share of the samples lies; NaN of none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** A machine that is disturbed is only ever slower: of two series the lower quartiles agree best. */
export function lowerQuartile(samples: readonly number[]): number {
  return quantile(samples, 0.25)
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5)
}
