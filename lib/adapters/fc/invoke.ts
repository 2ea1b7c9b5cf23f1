// One asynchronous invocation: the platform takes the event into its queue, and that is all that is waited for.

export interface InvokeOptions {
  readonly accountId: string
  readonly regionId: string
  /** Only where it is not the one of the account and region: `http://127.0.0.1:PORT`. */
  readonly endpoint?: string
  /** Asked at every call: the platform hands out fresh ones with each invocation. The key id begins with `STS.`. */
  readonly credentials: () => {
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken?: string | undefined
  }
}

/** `name`: as deployed. What went wrong, as a code alone: an SDK's message may hold anything. Never throws. */
export async function invoke(
  options: InvokeOptions,
  name: string,
  event: object,
  timeout: number,
): Promise<string | undefined> {
  return inTime(send(options, name, event, timeout), timeout)
}

async function send(
  { accountId, regionId, endpoint, credentials }: InvokeOptions,
  name: string,
  event: object,
  timeout: number,
): Promise<string | undefined> {
  try {
    const { accessKeyId: accessKeyID, accessKeySecret, securityToken } = credentials()
    const { default: FcClient } = await import('@alicloud/fc2')
    const client = new FcClient(accountId, {
      accessKeyID,
      accessKeySecret,
      securityToken,
      region: regionId,
      // Without it the SDK speaks plain HTTP.
      secure: true,
      ...(endpoint === undefined ? {} : { endpoint }),
      timeout,
      // A kept socket may be dead after a freeze.
      headers: { connection: 'close' },
    })
    // The SDK is older than this version, and builds its paths from it.
    client.version = '2023-03-30'
    const body = Buffer.from(JSON.stringify(event))
    await client.post(
      `/functions/${name}/invocations`,
      body,
      { 'x-fc-invocation-type': 'Async' },
      { qualifier: 'LATEST' },
    )
    return undefined
  } catch (error) {
    // An empty body that is announced as JSON: the invocation was accepted.
    return error instanceof SyntaxError ? undefined : toCode(error)
  }
}

async function inTime(call: Promise<string | undefined>, ms: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('Deadline'), ms)
  })
  try {
    return await Promise.race([call, deadline])
  } finally {
    clearTimeout(timer)
  }
}

function toCode(error: unknown): string {
  const { code, name } = error instanceof Error ? (error as Error & { readonly code?: unknown }) : {}
  return [code, name].find((word) => typeof word === 'string' && /^[A-Za-z]\w{2,60}$/.test(word))?.toString() ?? 'Error'
}
