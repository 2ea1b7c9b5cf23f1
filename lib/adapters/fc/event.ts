// The door of both functions: whatever they are invoked with, anybody who may invoke them can send. Everything is parsed here,
// but what the gate hands on to itself. Each form is made when such an event comes: most instances see one or two of them.
import { parseJson } from '#core/json.ts'
import { requestIdSchema, type RequestId } from '#core/request-id.ts'
import { instanceIdSchema, nameSchema } from '#core/words.ts'
import * as z from '#core/zod.ts'

/** Open for entries that the platform may add; the app sees none of them. */
const httpEvent = () =>
  z.object({
    version: z.literal('v1'),
    rawPath: z.string().check(z.startsWith('/')),
    headers: z._default(z.record(z.string(), z.string()), {}),
    queryParameters: z._default(z.record(z.string(), z.string()), {}),
    body: z._default(z.string(), ''),
    isBase64Encoded: z._default(z.boolean(), false),
    requestContext: z.object({ http: z.object({ method: z.string().check(z.regex(/^[A-Z]{1,20}$/)) }) }),
  })
export type HttpEvent = z.infer<ReturnType<typeof httpEvent>>

/** Open as well. */
const timerEvent = () =>
  z.object({
    triggerTime: z.iso.datetime({ offset: true }),
    triggerName: z.string(),
    payload: z.string(),
  })

/** What `s.yaml` gives a timer to say. */
const timerPayload = () =>
  z.union([
    z.strictObject({ job: z.enum(['tell', 'sweep']) }),
    z.strictObject({ ask: nameSchema.check(z.describe('a schedule')) }),
  ])

const hintEvent = () => z.strictObject({ hint: requestIdSchema })

/** Does nothing where it arrives: sent to see whether events are accepted at all. */
export const KNOCK = { doctor: 'knock' } as const
const knockEvent = () => z.strictObject({ doctor: z.literal('knock') })

const doctorEvent = () =>
  z.strictObject({
    doctor: z.strictObject({
      instances: z
        .array(instanceIdSchema)
        .check(z.maxLength(20), z.describe('To try dry runs on, besides those of the policy.')),
    }),
  })

export type FcEvent =
  | { readonly kind: 'http'; readonly http: HttpEvent }
  | { readonly kind: 'job'; readonly job: 'tell' | 'sweep' }
  | { readonly kind: 'ask'; readonly schedule: string; readonly triggerTime: string }
  | { readonly kind: 'hint'; readonly request: RequestId }
  /** `startgate doctor` waits for a report. */
  | { readonly kind: 'doctor'; readonly instances: readonly string[] }
  | { readonly kind: 'knock' }
  /** What the gate itself handed on, if that has the form and the seal. */
  | { readonly kind: 'chat'; readonly sealed: unknown }
  /** `answered`: it came through the HTTP trigger, so somebody waits for a response. */
  | { readonly kind: 'unknown'; readonly answered: boolean }

export function parseEvent(event: Uint8Array): FcEvent {
  const value = parseJson(Buffer.from(event).toString('utf8'))
  if (typeof value !== 'object' || value === null) return { kind: 'unknown', answered: false }
  // Only the HTTP trigger sends this entry, and callers cannot reach around it.
  if ('requestContext' in value) {
    const http = httpEvent().safeParse(value)
    return http.success ? { kind: 'http', http: http.data } : { kind: 'unknown', answered: true }
  }
  return parseOther(value) ?? { kind: 'unknown', answered: false }
}

function parseOther(value: object): FcEvent | undefined {
  if ('triggerTime' in value) return parseTimer(value)
  if ('chat' in value) return { kind: 'chat', sealed: value }
  if ('hint' in value) {
    const hint = hintEvent().safeParse(value)
    return hint.success ? { kind: 'hint', request: hint.data.hint } : undefined
  }
  if ('doctor' in value) {
    if (knockEvent().safeParse(value).success) return { kind: 'knock' }
    const doctor = doctorEvent().safeParse(value)
    return doctor.success ? { kind: 'doctor', instances: doctor.data.doctor.instances } : undefined
  }
  return undefined
}

function parseTimer(value: object): FcEvent | undefined {
  const timer = timerEvent().safeParse(value)
  const payload = timer.success ? timerPayload().safeParse(parseJson(timer.data.payload)) : undefined
  if (!timer.success || !payload?.success) return undefined
  return 'job' in payload.data
    ? { kind: 'job', job: payload.data.job }
    : { kind: 'ask', schedule: payload.data.ask, triggerTime: timer.data.triggerTime }
}
