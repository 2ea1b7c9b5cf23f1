import type { RequestId } from '#core/request-id.ts'

/** What has to be done next about a request: people decide, the starter starts, the gate tells. Never goes back. */
export const PHASES = { decide: 1, start: 2, tell: 3 } as const
export type Phase = keyof typeof PHASES

/** One request that is not yet finished and told. Only a pointer: the books say what is true. */
export interface OpenEntry {
  readonly request: RequestId
  readonly phase: Phase
  /** The proposal's digest: where the starter finds its own rows without reading `asks`. */
  readonly digest: string
  readonly createdAt: number
  /** Epoch ms; 0 when the request may be started at once. */
  readonly notBefore: number
  readonly expiresAt: number
}

export interface ReadableOpenSet {
  /** Every entry, in no order that matters. */
  all(): Promise<readonly OpenEntry[]>
}

export interface OpenSet extends ReadableOpenSet {
  /** `exists` when the request has an entry already; that one stays as it is. */
  add(entry: OpenEntry): Promise<'added' | 'exists'>
  /** Replaces an entry whose phase is not past this one's. False: there is none, or it is past it. Two raises never make a phase fall. */
  raise(entry: OpenEntry): Promise<boolean>
  remove(request: RequestId): Promise<void>
  /** Removes the entry only if its `expiresAt` still is the one that was read: a repeated ask may just have renewed it. */
  removeIfUnchanged(entry: OpenEntry): Promise<void>
}
