/** Time. Rules are told the time; only the flow asks for it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Milliseconds that never go back; only differences mean something. */
  monotonic(): number
  sleep(ms: number): Promise<void>
}

export interface Random {
  /** 128 fresh random bits as 32 hex digits. */
  id(): string
  /** A copy in random order. */
  shuffle<T>(items: readonly T[]): readonly T[]
}

/** Structured lines. Facts never hold a token, a secret or a credential. */
export interface Log {
  info(event: string, facts: Readonly<Record<string, unknown>>): void
  warn(event: string, facts: Readonly<Record<string, unknown>>): void
  error(event: string, facts: Readonly<Record<string, unknown>>): void
}
