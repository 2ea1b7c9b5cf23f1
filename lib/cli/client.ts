// HTTP to the gate. Everything the gate offers may be repeated without harm, so an unclear failure is repeated here.
import { SECOND } from '#core/durations.ts'
import { parseJson } from '#core/json.ts'
import type * as z from '#core/zod.ts'
import { problemSchema } from './answers.ts'
import { signCall, type Caller } from './call-token.ts'
import { EXIT, Failure } from './failure.ts'
import type { Io } from './io.ts'
import { sayKey, toKid } from './key-file.ts'

export interface Call<Schema extends z.ZodMiniType> {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly schema: Schema
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Signs the call; what anybody with the id may do goes unsigned. */
  readonly caller?: Caller
  /** Who signed what the body holds, with which key: said when the gate refuses it. */
  readonly signed?: string
}

export interface Client {
  readonly call: <Schema extends z.ZodMiniType>(call: Call<Schema>) => Promise<z.infer<Schema>>
}

const PAUSES = [SECOND, 2 * SECOND, 4 * SECOND]
const TIMEOUT = 30 * SECOND
const MAX_ANSWER = 4 * 1024 * 1024

export function createClient(io: Io, url: URL): Client {
  return {
    async call(call) {
      for (const pause of PAUSES) {
        const sent = await send(io, url, call)
        if (sent.kind === 'answer') return read(sent.text, call)
        if (sent.failure.exit !== EXIT.unreachable || !sent.unclear) throw sent.failure
        await io.sleep(pause)
      }
      const sent = await send(io, url, call)
      if (sent.kind === 'failure') throw sent.failure
      return read(sent.text, call)
    },
  }
}

type Sent =
  | { readonly kind: 'answer'; readonly text: string }
  /** `unclear`: the gate may or may not have done it, or may do it in a moment. */
  | { readonly kind: 'failure'; readonly failure: Failure; readonly unclear: boolean }

async function send(io: Io, base: URL, call: Call<z.ZodMiniType>): Promise<Sent> {
  const url = new URL(call.path, base)
  const body = call.body === undefined ? '' : JSON.stringify(call.body)
  const headers = new Headers({ accept: 'application/json', ...call.headers })
  if (body !== '') headers.set('content-type', 'application/json')
  if (call.caller !== undefined) {
    const path = `${url.pathname}${url.search}`
    headers.set('authorization', `Bearer ${await signCall(call.caller, { method: call.method, path, body }, io.now())}`)
  }
  try {
    const response = await io.fetch(url, {
      method: call.method,
      headers,
      // A redirect could carry the signature elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
      ...(body === '' ? {} : { body }),
    })
    const text = await readText(response)
    const signed = call.signed ?? (call.caller && sayCaller(call.caller))
    return response.ok ? { kind: 'answer', text } : toFailure(base, response, text, signed)
  } catch (cause) {
    const failure = new Failure(EXIT.unreachable, `${base.origin} could not be reached: ${sayCause(cause)}.`, {
      cause,
      next: ['Check the address (--url) and the network, then try again: repeating is safe.'],
    })
    return { kind: 'failure', failure, unclear: true }
  }
}

function read<Schema extends z.ZodMiniType>(text: string, { schema, path }: Call<Schema>): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'answer'}: ${issue.message}`)
  throw new Failure(EXIT.unreachable, `The answer to ${path} is not understood (${faults.join('; ')}).`, {
    next: ['Check that --url is the address of the gate and that this startgate is of the same version.'],
  })
}

function toFailure(base: URL, { status, headers }: Response, text: string, signed: string | undefined): Sent {
  const problem = problemSchema.safeParse(parseJson(text)).data
  const busy = status === 429 || status >= 500
  const redirect = status >= 300 && status < 400
  const exit = busy || redirect || problem === undefined ? EXIT.unreachable : EXIT.refused
  const said = problem === undefined ? '' : `: ${problem.title}. ${problem.detail}`
  const message = redirect
    ? `${base.origin} sends callers on to ${headers.get('location') ?? 'nowhere'}, which is not followed.`
    : `${base.origin} answered ${status}${said || ', with nothing that says why.'}`
  const isUnproven = (status === 401 || status === 403) && signed !== undefined
  const next = [
    ...(redirect ? ['Set the address of the gate itself with --url.'] : []),
    ...(busy ? ['Try again in a minute.'] : []),
    ...(isUnproven ? [signed] : []),
  ]
  return { kind: 'failure', failure: new Failure(exit, message, { next, ...(problem && { problem }) }), unclear: busy }
}

function sayCaller({ name, file, jwk }: Caller): string {
  return sayKey(name, file, toKid(jwk))
}

/** Stops reading an answer that does not end. */
async function readText(response: Response): Promise<string> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > MAX_ANSWER) throw new Error(`the answer is longer than ${MAX_ANSWER} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function sayCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause && cause.message === '' ? String(cause.code) : cause.message
  return error.message
}
