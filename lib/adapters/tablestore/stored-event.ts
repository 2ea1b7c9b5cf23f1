// A row of a book as columns, and back. Nothing that is stored can keep the rest of a stream from being read.
import { toCanonicalJson } from '#core/canonical-json.ts'
import { parseJson } from '#core/json.ts'
import { actorSchema, type Actor, type BookName, type Row } from '#core/row.ts'
import type { RowKey, StoredRow, Value } from './values.ts'

/** The names of the two key columns. */
export const KEYS = {
  asks: { stream: 'request', n: 'seq' },
  runs: { stream: 'digest', n: 'n' },
} as const satisfies Readonly<Record<BookName, { readonly stream: string; readonly n: string }>>

export function keyOf({ book, stream, n }: Pick<Row, 'book' | 'stream' | 'n'>): RowKey {
  return { [KEYS[book].stream]: stream, [KEYS[book].n]: n }
}

export function columnsOf({ id, type, at, actor, body, prev, hash }: Row): Readonly<Record<string, Value>> {
  return { id, type, at, actor: toCanonicalJson(actor), body: toCanonicalJson(body), prev, hash }
}

/** What no version of Startgate reads is given a type that none knows; the rules then act on nothing of that stream. */
export function toRow(book: BookName, { key, columns }: StoredRow): Row {
  const body = parseJson(toText(columns['body']))
  const actor = parseActor(columns['actor'])
  const type = toText(columns['type'])
  const readable = body !== undefined && actor !== undefined
  return {
    book,
    stream: String(key[KEYS[book].stream]),
    n: Number(key[KEYS[book].n]),
    id: toText(columns['id']),
    // Stopping needs no proof, so a no stays a no, whatever became of the rest of it.
    type: readable || type === 'denied' || type === 'cancelled' ? type : `unreadable:${type}`,
    at: toNumber(columns['at']),
    actor: actor ?? { function: book === 'asks' ? 'gate' : 'starter' },
    body: body ?? null,
    prev: toText(columns['prev']),
    hash: toText(columns['hash']),
  }
}

function parseActor(text: unknown): Actor | undefined {
  return actorSchema.safeParse(parseJson(toText(text))).data
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function toNumber(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}
