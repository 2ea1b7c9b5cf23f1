/** A secret, and the one before it for as long as both count. */
export interface Rotating {
  readonly current: string
  readonly previous?: string
}

export function toAll({ current, previous }: Rotating): readonly string[] {
  return previous === undefined ? [current] : [current, previous]
}
