// `startgate doctor` in this process, with the operator's credentials of a local cloud.
import type { Group } from '#core/doctor/examine.ts'
import type { Finding } from '#core/doctor/finding.ts'
import { createFiles, type Io } from '#lib/cli/io.ts'
import { runCli } from '#lib/cli/program.ts'
import type { Credentials } from '#infra/local/spine.ts'
import { AUDIENCE } from './team.ts'

export interface Examined {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface DoctorPlace {
  /** Undefined: the cloud's own. */
  readonly endpoint: string | undefined
  readonly credentials: Credentials
  readonly env?: Readonly<Record<string, string>>
  readonly isTTY?: boolean
  readonly fetch?: Io['fetch']
}

export async function runDoctor(place: DoctorPlace, args: readonly string[] = []): Promise<Examined> {
  const { endpoint, credentials, env = {}, isTTY = false } = place
  const written = { out: '', err: '' }
  const none = () => Promise.reject(new Error('startgate doctor needs no such thing'))
  const io: Io = {
    fetch: place.fetch ?? ((url, init) => fetch(url, init)),
    stdout: { isTTY, write: (chunk) => void (written.out += chunk) },
    stderr: { isTTY, write: (chunk) => void (written.err += chunk) },
    stdin: { isTTY: false, read: none, line: none },
    env: {
      STARTGATE_AUDIENCE: AUDIENCE,
      ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.accessKeySecret,
      ALIBABA_CLOUD_SECURITY_TOKEN: credentials.securityToken,
      ...env,
    },
    home: '/nowhere',
    files: createFiles(),
    run: none,
    now: Date.now,
    sleep: none,
  }
  const code = await runCli(['doctor', ...(endpoint === undefined ? [] : ['--endpoint', endpoint]), ...args], io)
  return { code, ...written }
}

export interface Diagnosis {
  readonly code: number
  readonly findings: readonly Finding[]
}

export async function diagnose(place: DoctorPlace, args: readonly string[] = []): Promise<Diagnosis> {
  const { code, out, err } = await runDoctor(place, ['--json', ...args])
  if (out === '') throw new Error(err)
  const { groups } = JSON.parse(out) as { readonly groups: readonly Group[] }
  return { code, findings: groups.flatMap(({ findings }) => findings) }
}
