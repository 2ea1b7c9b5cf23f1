// The part of the API of Function Compute 3.0 that an operator looks at a deployment through. Everything reads, but for the
// invocation that asks a function about itself.
import { reportSchema } from '#core/doctor/report.ts'
import type { Learned, SeenFunction, Trigger } from '#core/doctor/seen.ts'
import { SECOND } from '#core/durations.ts'
import { parseJson } from '#core/json.ts'
import * as z from '#core/zod.ts'
import { sayCause } from '#lib/cli/client.ts'
import type { Io } from '#lib/cli/io.ts'
import { API_VERSION, signCall, type ApiCall, type OperatorCredentials } from './sign-call.ts'

export interface Cloud {
  readonly io: Io
  /** Where functions are invoked, and where they are described. */
  readonly endpoints: { readonly invoke: URL; readonly control: URL }
  readonly credentials: OperatorCredentials
}

/** A function that tries everything takes longer than a reading. */
const READ_TIMEOUT = 30 * SECOND
const ANSWER_TIMEOUT = 130 * SECOND

export async function askFunction(
  cloud: Cloud,
  name: string,
  instances: readonly string[],
): Promise<SeenFunction['answer']> {
  const sent = await send(cloud, 'InvokeFunction', `${name}/invocations`, JSON.stringify({ doctor: { instances } }))
  if (!('ok' in sent)) return sent
  const { text, headers } = sent.ok
  const at = Date.parse(headers.get('date') ?? '')
  // The status is 200 also when the function failed.
  if (headers.has('x-fc-error-type')) return { failure: sayError(text), status: 200 }
  const parsed = reportSchema.safeParse(parseJson(text))
  return parsed.success
    ? { ok: { report: parsed.data, at: Number.isNaN(at) ? cloud.io.now() : at } }
    : { failure: 'it answers what this startgate does not understand', status: 200 }
}

export async function readFunction(cloud: Cloud, name: string): Promise<Omit<SeenFunction, 'name' | 'answer'>> {
  const [settings, triggers, asyncRetries, reserved] = await Promise.all([
    read(cloud, 'GetFunction', name, settingsSchema),
    read(cloud, 'ListTriggers', `${name}/triggers?limit=${MOST_TRIGGERS}`, triggersSchema),
    read(cloud, 'GetAsyncInvokeConfig', `${name}/async-invoke-config`, asyncSchema),
    read(cloud, 'GetConcurrencyConfig', `${name}/concurrency`, concurrencySchema),
  ])
  return {
    settings,
    triggers: 'ok' in triggers ? { ok: triggers.ok.triggers.map(toTrigger) } : triggers,
    asyncRetries: isNone(asyncRetries) ? { ok: DEFAULT_RETRIES } : asyncRetries,
    reserved: isNone(reserved) ? { ok: undefined } : reserved,
  }
}

/** More than a function can have. */
const MOST_TRIGGERS = 100
/** What the platform does where nothing is set. */
const DEFAULT_RETRIES = 3

/** These two are answered with 404 where nothing was ever set; so is everything of a function that does not exist. */
function isNone(learned: Learned<unknown>): boolean {
  return !('ok' in learned) && learned.status === 404 && !learned.failure.startsWith('Function')
}

const settingsSchema = z.object({ runtime: z.string(), handler: z.string(), timeout: z.number() })
const asyncSchema = z.pipe(
  z.object({ maxAsyncRetryAttempts: z.optional(z.number()) }),
  z.transform(({ maxAsyncRetryAttempts = DEFAULT_RETRIES }) => maxAsyncRetryAttempts),
)
const concurrencySchema = z.pipe(
  z.object({ reservedConcurrency: z.optional(z.number()) }),
  z.transform(({ reservedConcurrency }) => reservedConcurrency),
)
const triggersSchema = z.object({
  triggers: z.array(z.object({ triggerName: z.string(), triggerType: z.string(), triggerConfig: z.string() })),
})
const triggerConfigSchema = z.partial(
  z.object({
    authType: z.string(),
    methods: z.array(z.string()),
    cronExpression: z.string(),
    enable: z.boolean(),
    payload: z.string(),
  }),
)

/** Its configuration is JSON as text. */
function toTrigger({
  triggerName,
  triggerType,
  triggerConfig,
}: z.infer<typeof triggersSchema>['triggers'][0]): Trigger {
  return { name: triggerName, type: triggerType, ...triggerConfigSchema.safeParse(parseJson(triggerConfig)).data }
}

async function read<Schema extends z.ZodMiniType>(
  cloud: Cloud,
  operation: string,
  path: string,
  schema: Schema,
): Promise<Learned<z.infer<Schema>>> {
  const sent = await send(cloud, operation, path)
  if (!('ok' in sent)) return sent
  const parsed = schema.safeParse(parseJson(sent.ok.text))
  return parsed.success ? { ok: parsed.data } : { failure: 'an answer that is not understood', status: 200 }
}

async function send(
  { io, endpoints, credentials }: Cloud,
  operation: string,
  path: string,
  body = '',
): Promise<Learned<{ readonly text: string; readonly headers: Headers }>> {
  const method = body === '' ? 'GET' : 'POST'
  const url = new URL(`/${API_VERSION}/functions/${path}`, method === 'GET' ? endpoints.control : endpoints.invoke)
  const call: ApiCall = { operation, method, url, body }
  try {
    const response = await io.fetch(url, {
      method,
      headers: signCall(call, credentials, io.now()),
      redirect: 'manual',
      signal: AbortSignal.timeout(method === 'GET' ? READ_TIMEOUT : ANSWER_TIMEOUT),
      ...(body === '' ? {} : { body }),
    })
    const text = await response.text()
    if (response.ok) return { ok: { text, headers: response.headers } }
    return { failure: sayError(text), status: response.status }
  } catch (error) {
    return { failure: sayCause(error) }
  }
}

const errorSchema = z.object({
  Code: z.optional(z.string()),
  ErrorCode: z.optional(z.string()),
  errorMessage: z.optional(z.string()),
})

/** The code alone, or the one line that a function failed with: a message may quote what was signed. */
function sayError(text: string): string {
  const { Code, ErrorCode, errorMessage } = errorSchema.safeParse(parseJson(text)).data ?? {}
  return (Code ?? ErrorCode ?? errorMessage ?? 'no code').slice(0, 200)
}
