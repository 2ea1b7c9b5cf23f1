// The book of what was done about one proposal. Only the starter writes it, and it alone says how a request ended.
import { headSchema, readRows, type Row, type RowFault } from './row.ts'
import { requestIdSchema } from './request-id.ts'
import { accountIdSchema, instanceIdSchema, instantSchema, regionIdSchema } from './words.ts'
import * as z from './zod.ts'

/**
 * What may follow a row. `none`: it is final. `look`: something may have been started, so only looking may follow.
 * `again`: this row proves that nothing was started, and a new attempt may follow from `at` on.
 * `confirm`: it ends the request without an attempt, once the starter has read again that nobody stopped it.
 */
const nextSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('none') }),
  z.strictObject({ do: z.literal('look') }),
  z.strictObject({ do: z.literal('again'), at: instantSchema }),
  z.strictObject({ do: z.literal('confirm') }),
])
export type Next = z.infer<typeof nextSchema>

const MAX_DETAIL = 500

/** Cut to what a row may hold. */
export function toDetail(text: string): string {
  return text.length <= MAX_DETAIL ? text : `${text.slice(0, MAX_DETAIL - 1)}…`
}

/** What ECS or the starter itself answered: a code of the catalogue, with the API's request id where there was one. */
const answerSchema = z.strictObject({
  code: z.string().check(z.maxLength(200)),
  status: z.optional(z.int()),
  requestId: z.optional(z.string().check(z.maxLength(100))),
  detail: z.optional(z.string().check(z.maxLength(MAX_DETAIL))),
})
export type Answer = z.infer<typeof answerSchema>

const bodies = {
  /** Put before StartInstance is sent. Holds all that is needed to look into it later without the other book. */
  attempted: z.strictObject({
    request: requestIdSchema,
    asks: headSchema,
    accountId: accountIdSchema,
    regionId: regionIdSchema,
    instanceId: instanceIdSchema,
    dryRun: z.boolean(),
    next: nextSchema,
  }),
  accepted: z.strictObject({ requestId: z.string().check(z.maxLength(100)), next: nextSchema }),
  refused: z.strictObject({ answer: answerSchema, next: nextSchema }),
  unclear: z.strictObject({ answer: answerSchema, next: nextSchema }),
  /** The attempt was given up before anything was sent. */
  stood_down: z.strictObject({ why: z.enum(['stopped', 'too_slow', 'unreadable']), next: nextSchema }),
  /** `inferred`: the answer was lost; the instance was seen in `status` afterwards. */
  running: z.strictObject({ inferred: z.boolean(), status: z.string().check(z.maxLength(50)), next: nextSchema }),
  failed: z.strictObject({ answer: answerSchema, next: nextSchema }),
  satisfied: z.strictObject({ status: z.string().check(z.maxLength(50)), next: nextSchema }),
  stuck: z.strictObject({ answer: answerSchema, next: nextSchema }),
} as const

type Bodies = { [Type in keyof typeof bodies]: z.infer<(typeof bodies)[Type]> }
export type RunType = keyof Bodies
export type RunEvent = {
  [Type in RunType]: Omit<Row, 'type' | 'body'> & { readonly type: Type; readonly body: Bodies[Type] }
}[RunType]
/** What is put as a row: its type and body. */
export type RunEntry = { [Type in RunType]: { readonly type: Type; readonly body: Bodies[Type] } }[RunType]

export interface Runs {
  readonly events: readonly RunEvent[]
  readonly last: RunEvent | undefined
  /** What may follow now. Before the first row: a first attempt, at any time. */
  readonly next: Next
  /** The latest attempt, whatever became of it. */
  readonly attempt: Extract<RunEvent, { type: 'attempted' }> | undefined
  readonly attempts: number
  readonly fault: RowFault | undefined
  readonly rows: readonly Row[]
}

export function parseRuns(rows: readonly Row[]): Runs {
  const { events, fault } = readRows(rows, parseEvent)
  const attempts = events.filter((event) => event.type === 'attempted')
  const last = events.at(-1)
  return {
    events,
    last,
    next: last?.body.next ?? { do: 'again', at: 0 },
    attempt: attempts.at(-1),
    attempts: attempts.length,
    fault,
    rows,
  }
}

/** Throws for an entry that could not be read back: it would leave a start that nobody can follow. */
export function checkRunEntry({ type, body }: RunEntry): void {
  bodies[type].parse(body)
}

function parseEvent(row: Row): RunEvent | undefined {
  const schema = Object.hasOwn(bodies, row.type) ? bodies[row.type as RunType] : undefined
  const body = schema?.safeParse(row.body)
  return body?.success ? ({ ...row, body: body.data } as RunEvent) : undefined
}
