// One row of a book: what happened, chained by hash to the row before it.
import { digestOf, type Digest } from './digest.ts'
import { nameSchema } from './words.ts'
import * as z from './zod.ts'

/** `asks`: what people asked and decided, written by the gate. `runs`: what was done about it, written by the starter. */
export type BookName = 'asks' | 'runs'

/** Who did it: a principal of the policy, or one of the two functions. */
export const actorSchema = z.union([
  z.strictObject({ principal: nameSchema }),
  z.strictObject({ function: z.enum(['gate', 'starter']) }),
])
export type Actor = z.infer<typeof actorSchema>

/** A row as it is stored. `body` is JSON; whether it makes sense is for `parseAsks` and `parseRuns` to say. */
export interface Row {
  readonly book: BookName
  /** `asks`: the request id. `runs`: the proposal's digest. */
  readonly stream: string
  /** 1, 2, 3, …: the place in the stream that one conditional put can win. */
  readonly n: number
  /** 128 fresh random bits of this very put: how a writer whose answer was lost recognises its own row. */
  readonly id: string
  readonly type: string
  /** Epoch milliseconds by the writer's clock. */
  readonly at: number
  readonly actor: Actor
  readonly body: unknown
  /** `hash` of row n - 1; the empty string for row 1. */
  readonly prev: string
  readonly hash: Digest
}

/** The last row of a stream; `{ n: 0, hash: '' }` before the first. What answers, receipts and `attempted` carry. */
export interface Head {
  readonly n: number
  readonly hash: string
}

export const headSchema = z.strictObject({
  n: z.int().check(z.minimum(0)),
  hash: z.string().check(z.regex(/^([0-9a-f]{64})?$/)),
})

/**
 * So many digits of a hash are enough to tell a row from one that was rewritten until it has the same: 128 bits. Eight, for
 * one, are tried out in minutes.
 */
export const ENOUGH_DIGITS = 32

export const NO_HEAD: Head = { n: 0, hash: '' }

export function headOf(rows: readonly Row[]): Head {
  const last = rows.at(-1)
  return last === undefined ? NO_HEAD : { n: last.n, hash: last.hash }
}

export function createRow(content: Omit<Row, 'prev' | 'hash' | 'n'>, after: Head): Row {
  const row = { ...content, n: after.n + 1, prev: after.hash }
  return { ...row, hash: hashRow(row) }
}

export function hashRow({ book, stream, n, id, type, at, actor, body, prev }: Omit<Row, 'hash'>): Digest {
  return digestOf('startgate-row/v1', { book, stream, n, id, type, at, actor, body, prev })
}

/** The number of the first row that is missing, re-ordered or changed; undefined when the chain is whole. */
export function findBrokenLink(rows: readonly Row[]): number | undefined {
  let before: Head = NO_HEAD
  for (const row of rows) {
    if (row.n !== before.n + 1 || row.prev !== before.hash || row.hash !== hashRow(row)) return before.n + 1
    before = row
  }
  return undefined
}

/** `unknown_row`: of a type or form that a newer version may know. */
export type RowFlaw = 'broken_chain' | 'unknown_row' | 'too_many' | 'no_request'

/** Why a stream is not to be acted on, and from which row on. */
export interface RowFault {
  readonly n: number
  readonly why: RowFlaw
}

/** The rows that this version understands, and the first fault of the stream: a broken chain, or a row of a newer version. */
export function readRows<Event>(
  rows: readonly Row[],
  parse: (row: Row) => Event | undefined,
): { readonly events: readonly Event[]; readonly fault: RowFault | undefined } {
  const broken = findBrokenLink(rows)
  let fault: RowFault | undefined = broken === undefined ? undefined : { n: broken, why: 'broken_chain' }
  const events: Event[] = []
  for (const row of rows) {
    const event = parse(row)
    if (event === undefined) fault ??= { n: row.n, why: 'unknown_row' }
    else events.push(event)
  }
  return { events, fault }
}
