// One asynchronous invocation: the platform takes the event into its queue, and that is all that is waited for.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { parseJson } from '#core/json.ts'
import * as z from '#core/zod.ts'

export interface InvokeOptions {
  readonly accountId: string
  readonly regionId: string
  /** Only where it is not the one of the account and region: `http://127.0.0.1:PORT`. */
  readonly endpoint?: string
  /** Asked at every call: the platform hands out fresh ones with each invocation. */
  readonly credentials: () => {
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken?: string | undefined
  }
}

const VERSION = '2023-03-30'
/** A short word, and nothing else that a platform or an error may say. */
const CODE = /^[A-Za-z]\w{2,60}$/
const refusalSchema = z.object({ ErrorCode: z.string().check(z.regex(CODE)) })

/**
 * `name`: as deployed. `timeout`: ms. What went wrong, as a code alone: a message may hold anything. Undefined: it was
 * accepted. Never throws.
 */
export async function invoke(
  options: InvokeOptions,
  name: string,
  event: object,
  timeout: number,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(Math.ceil(timeout))
  try {
    const answer = await post(options, `/${VERSION}/functions/${name}/invocations`, JSON.stringify(event), signal)
    const status = answer.statusCode ?? 0
    // The status alone counts: what follows it may be empty, or never end.
    if (status >= 200 && status < 300) return void answer.destroy()
    return refusalSchema.safeParse(parseJson(await readText(answer))).data?.ErrorCode ?? `Status${status}`
  } catch (error) {
    return toCode(signal.aborted ? signal.reason : error)
  }
}

/**
 * The SDK signs and does not send: it reads the body first, so that a broken one hides the status, whatever it is. Sent by
 * Node's own client, as the SDKs are: `fetch` would be loaded for this alone.
 */
async function post(
  { accountId, regionId, endpoint, credentials }: InvokeOptions,
  path: string,
  body: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { accessKeyId, accessKeySecret, securityToken } = credentials()
  const { default: FcClient } = await import('@alicloud/fc2')
  const signed = {
    // Of the digest's hexadecimal text: so the SDK makes it.
    'content-md5': Buffer.from(createHash('md5').update(body).digest('hex')).toString('base64'),
    'content-type': 'application/octet-stream',
    date: new Date().toUTCString(),
    'x-fc-account-id': accountId,
    'x-fc-invocation-type': 'Async',
    ...(securityToken !== undefined && { 'x-fc-security-token': securityToken }),
  }
  const authorization = FcClient.getSignature(accessKeyId, accessKeySecret, 'POST', path, signed)
  const url = new URL(`${endpoint ?? `https://${accountId}.${regionId}.fc.aliyuncs.com`}${path}?qualifier=LATEST`)
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const headers = { ...signed, authorization, accept: 'application/json', 'user-agent': 'startgate' }
  return new Promise((resolve, reject) => {
    // No agent: a kept socket may be dead after a freeze.
    const call = request(url, { method: 'POST', headers, agent: false, signal }, resolve)
    call.on('error', reject)
    call.end(body)
  })
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** That of the socket, where it is one's fault. */
function toCode(error: unknown): string {
  if (!(error instanceof Error)) return 'Error'
  const code = 'code' in error ? error.code : undefined
  return [code, error.name].find((word): word is string => typeof word === 'string' && CODE.test(word)) ?? 'Error'
}
