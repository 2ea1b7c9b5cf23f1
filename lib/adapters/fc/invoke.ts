// One asynchronous invocation: the platform takes the event into its queue, and that is all that is waited for.
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { parseJson } from '#core/json.ts'

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
const refusalSchema = z.object({ ErrorCode: z.string().regex(CODE) })

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
    const response = await post(options, `/${VERSION}/functions/${name}/invocations`, JSON.stringify(event), signal)
    if (!response.ok)
      return refusalSchema.safeParse(parseJson(await response.text())).data?.ErrorCode ?? toStatus(response)
    // The status alone counts: what follows it may be empty, or never end.
    await response.body?.cancel().catch(() => {})
    return undefined
  } catch (error) {
    return toCode(error)
  }
}

/** The SDK signs and does not send: it reads the body first, so that a broken one hides the status, whatever it is. */
async function post(
  { accountId, regionId, endpoint, credentials }: InvokeOptions,
  path: string,
  body: string,
  signal: AbortSignal,
): Promise<Response> {
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
  const origin = endpoint ?? `https://${accountId}.${regionId}.fc.aliyuncs.com`
  return fetch(`${origin}${path}?qualifier=LATEST`, {
    method: 'POST',
    // A kept socket may be dead after a freeze.
    headers: { ...signed, authorization, connection: 'close', accept: 'application/json', 'user-agent': 'startgate' },
    body,
    redirect: 'manual',
    signal,
  })
}

function toStatus({ status }: Response): string {
  return `Status${status}`
}

/** That of the socket, where it is one's fault. */
function toCode(error: unknown): string {
  const { cause, name } = error instanceof Error ? error : {}
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return [code, name].find((word): word is string => typeof word === 'string' && CODE.test(word)) ?? 'Error'
}
