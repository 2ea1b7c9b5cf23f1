// The book of what people asked and decided. Only the gate writes it; the starter believes none of it without proof.
import { MAX_ROWS } from './caps.ts'
import { identitySchema } from './chat.ts'
import { digestProposal, proposalSchema, type Proposal } from './proposal.ts'
import { headSchema, readRows, type Row, type RowFault } from './row.ts'
import type { Yes } from './rule.ts'
import { evidenceSchema, toolOf, type Evidence } from './statement.ts'
import { digestSchema, lineSchema, nameSchema } from './words.ts'
import * as z from './zod.ts'

const bodies = {
  /** `ask`: digest of the wish as it was asked, to tell a repeat from another ask under the same key. */
  requested: z.strictObject({
    proposal: proposalSchema,
    digest: digestSchema,
    ask: digestSchema,
    /** The chat in which it was asked, as `toTarget` writes it: whoever is there hears of it. */
    from: z.optional(z.string()),
  }),
  approved: z.strictObject({ approver: nameSchema, evidence: evidenceSchema, reason: z.optional(lineSchema) }),
  /** With a signature, or on the word of a chat platform for this identity: stopping needs no proof. */
  denied: z.union([
    z.strictObject({ approver: nameSchema, evidence: evidenceSchema, reason: lineSchema }),
    z.strictObject({ approver: nameSchema, chat: identitySchema, reason: z.optional(lineSchema) }),
  ]),
  /** On the word of whoever called the gate, or of a chat platform for this identity. */
  cancelled: z.strictObject({ by: nameSchema, chat: z.optional(identitySchema), reason: z.optional(lineSchema) }),
  /** The head of `runs` that was read after the no was put: it proves that no start was under way. */
  stopped: z.strictObject({ runs: headSchema }),
  /** What was told: up to which heads, in which state, and what became of it per target. */
  posted: z.strictObject({
    upto: z.strictObject({ asks: z.int().check(z.minimum(0)), runs: z.int().check(z.minimum(0)) }),
    state: z.string(),
    to: z.record(z.string(), z.string()),
  }),
} as const

type Bodies = { [Type in keyof typeof bodies]: z.infer<(typeof bodies)[Type]> }
export type AskType = keyof Bodies
export type AskEvent = {
  [Type in AskType]: Omit<Row, 'type' | 'body'> & { readonly type: Type; readonly body: Bodies[Type] }
}[AskType]
/** What is put as a row: its type and body. */
export type AskEntry = { [Type in AskType]: { readonly type: Type; readonly body: Bodies[Type] } }[AskType]

/** What the stream of one request says, taken row by row; nothing in it is verified but its chain and its form. */
export interface Asks {
  /** Undefined for an empty stream, and for one whose first row is no sound request. */
  readonly proposal: Proposal | undefined
  readonly digest: string | undefined
  readonly events: readonly AskEvent[]
  /** The first denial or cancellation, well formed or not: stopping needs no proof. */
  readonly no: { readonly n: number; readonly at: number; readonly kind: 'denied' | 'cancelled' } | undefined
  readonly stopped: boolean
  /** Approvals in their order; whether they count is for `ready` to say. */
  readonly approvals: readonly { readonly n: number; readonly approver: string; readonly evidence: Evidence }[]
  /** Why this stream is not to be acted on: a broken chain, an unknown type (a newer version wrote it), a misshapen row. */
  readonly fault: RowFault | undefined
  readonly rows: readonly Row[]
}

export function parseAsks(rows: readonly Row[]): Asks {
  const { events, fault: unreadable } = readRows(rows, parseEvent)
  let fault = unreadable
  const first = events[0]?.type === 'requested' && events[0].n === 1 ? events[0] : undefined
  const requested = first !== undefined && isSound(first) ? first : undefined
  // Judging takes a signature check per approval: a flood of rows must not keep the starter from its other work.
  if (rows.length > MAX_ROWS) fault ??= { n: MAX_ROWS + 1, why: 'too_many' }
  if (rows.length > 0 && requested === undefined) fault ??= { n: 1, why: 'no_request' }
  const no = rows.find((row) => row.type === 'denied' || row.type === 'cancelled')
  return {
    proposal: requested?.body.proposal,
    digest: requested?.body.digest,
    events,
    no: no && { n: no.n, at: no.at, kind: no.type === 'denied' ? 'denied' : 'cancelled' },
    stopped: rows.some((row) => row.type === 'stopped'),
    approvals: events.flatMap((event) =>
      event.type === 'approved' ? [{ n: event.n, approver: event.body.approver, evidence: event.body.evidence }] : [],
    ),
    fault,
    rows,
  }
}

/** The approvals as a rule counts them, before anybody has verified them. */
export function toYeses({ approvals }: Pick<Asks, 'approvals'>): readonly Yes[] {
  return approvals.map(({ approver, evidence }) => ({ principal: approver, tool: toolOf(evidence) }))
}

function parseEvent(row: Row): AskEvent | undefined {
  const schema = Object.hasOwn(bodies, row.type) ? bodies[row.type as AskType] : undefined
  const body = schema?.safeParse(row.body)
  return body?.success ? ({ ...row, body: body.data } as AskEvent) : undefined
}

function isSound(event: Extract<AskEvent, { type: 'requested' }>): boolean {
  return digestProposal(event.body.proposal) === event.body.digest && event.body.proposal.request.id === event.stream
}
