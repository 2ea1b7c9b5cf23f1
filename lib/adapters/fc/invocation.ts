import * as z from '#core/zod.ts'

/** What the platform says about one invocation. The credentials are the function's role, valid for some hours. */
export interface Invocation {
  readonly requestId: string
  readonly credentials: Credentials
  readonly accountId: string
  readonly regionId: string
  readonly functionName: string
}

export interface Credentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken: string
}

const filled = z.string().check(z.minLength(1))

const contextSchema = z.object({
  requestId: filled,
  credentials: z.object({
    accessKeyId: filled,
    accessKeySecret: filled,
    securityToken: filled,
  }),
  accountId: filled,
  region: filled,
  function: z.object({ name: filled }),
})

/** Names what is missing and never what is there. */
export function parseInvocation(context: unknown): Invocation {
  const parsed = contextSchema.safeParse(context)
  if (!parsed.success) {
    const paths = parsed.error.issues.map(({ path }) => path.join('.') || 'everything')
    throw new TypeError(`the platform's context lacks ${paths.join(', ')}`)
  }
  const { requestId, credentials, accountId, region, function: itself } = parsed.data
  return { requestId, credentials, accountId, regionId: region, functionName: itself.name }
}
