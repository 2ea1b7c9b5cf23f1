/** A secret, and the one before it for as long as both count. */
export interface Rotating {
  readonly current: string
  readonly previous?: string
}

export function toRotating(current: string, previous: string | undefined): Rotating {
  return previous === undefined ? { current } : { current, previous }
}

/** The ones that count now, the current one first; none where there is no secret. */
export function toAll(secrets: Rotating | undefined): readonly string[] {
  return [secrets?.current, secrets?.previous].filter((secret) => secret !== undefined)
}
