// Which deployment is meant, and whose credentials it is looked at with.
import { isLoopback } from '#core/loopback.ts'
import { accountIdSchema, regionIdSchema } from '#core/words.ts'
import { EXIT, Failure } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import type { Settings } from '#lib/cli/settings.ts'
import type { Cloud } from './function-compute.ts'
import type { OperatorCredentials } from './sign-call.ts'

export interface DoctorFlags {
  readonly json?: boolean
  readonly url?: string
  readonly account?: string
  readonly region?: string
  readonly gate?: string
  readonly starter?: string
  readonly instance?: readonly string[]
  readonly endpoint?: string
}

export interface DeploymentNames {
  readonly cloud: Cloud
  /** As deployed. */
  readonly gate: string
  readonly starter: string
}

/** The audience names account, region and starter; flags win. */
export function findDeployment(io: Io, flags: DoctorFlags, { audience }: Settings): DeploymentNames {
  const [ofAudience, itsRegion, itsStarter] = audience?.split('/') ?? []
  const account = check('account', flags.account ?? ofAudience, (text) => accountIdSchema.safeParse(text).success)
  const region = check('region', flags.region ?? itsRegion, (text) => regionIdSchema.safeParse(text).success)
  const isName = (text: string) => /^[A-Za-z_][\w-]{0,63}$/.test(text)
  const gate = check('gate', flags.gate ?? 'startgate-gate', isName)
  const starter = check('starter', flags.starter ?? itsStarter ?? 'startgate-starter', isName)
  const endpoints = {
    invoke: toEndpoint(flags.endpoint ?? `https://${account}.${region}.fc.aliyuncs.com`),
    control: toEndpoint(flags.endpoint ?? `https://fcv3.${region}.aliyuncs.com`),
  }
  return { cloud: { io, endpoints, credentials: readCredentials(io) }, gate, starter }
}

function check(flag: string, text: string | undefined, isRight: (text: string) => boolean): string {
  if (text === undefined) {
    throw new Failure(EXIT.usage, `The ${flag} of the deployment is not known.`, {
      next: [`Pass --${flag}, or set STARTGATE_AUDIENCE to <account>/<region>/<starter function>.`],
    })
  }
  if (isRight(text)) return text
  throw new Failure(EXIT.usage, `${text} cannot be the ${flag} of a deployment.`, {
    next: ['See: startgate doctor --help'],
  })
}

/** What is signed for the operator goes to the cloud alone, or stays on this machine. */
function toEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isLocal = url?.protocol === 'http:' && isLoopback(url.hostname)
  if (url !== undefined && (url.protocol === 'https:' || isLocal)) return url
  throw new Failure(EXIT.usage, `${text} is no endpoint of Function Compute.`, {
    next: ['Give it like https://1234567890123456.cn-hangzhou.fc.aliyuncs.com.'],
  })
}

function readCredentials({ env }: Io): OperatorCredentials {
  const read = (name: string) => (env[name] === '' ? undefined : env[name])
  const accessKeyId = read('ALIBABA_CLOUD_ACCESS_KEY_ID')
  const accessKeySecret = read('ALIBABA_CLOUD_ACCESS_KEY_SECRET')
  const securityToken = read('ALIBABA_CLOUD_SECURITY_TOKEN')
  if (accessKeyId !== undefined && accessKeySecret !== undefined)
    return { accessKeyId, accessKeySecret, ...(securityToken === undefined ? {} : { securityToken }) }
  throw new Failure(EXIT.usage, 'There are no credentials of an operator.', {
    next: ['Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET.'],
  })
}
