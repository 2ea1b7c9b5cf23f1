// The built artifact on the local cloud, with a team of people: what the story tests play on.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { placePolicy } from '#infra/build/place-policy.ts'
import { createLocalCloud, type LocalCloud } from '#infra/local/cloud.ts'
import { deployedFunctions, type DeployedFunctionsOptions } from '#infra/local/deployed-functions.ts'
import type { InstanceInput } from '#infra/local/ecs/instance-definition.ts'
import type { FunctionCompute } from '#infra/local/fc/function-compute.ts'
import type { Operation } from '#infra/local/spine.ts'
import { createApi, type Api } from './api.ts'
import { createSecretLog, findNameless } from './leaks.ts'
import { startReceiver, type Receiver } from './receiver.ts'
import { teamDocument } from './team.ts'

/** Twenty times faster than the real thing: a minute is three seconds. */
export const TIME_SCALE = 20
export const SIGNING_KEY = `whsk_${Buffer.alloc(32, 7).toString('base64')}`
export const CALLER_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
export const RECEIVER_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

/** Characters of what has leaked: whoever reads it begins with the first. */
const MOST_TOLD = 20_000

const ARTIFACT = new URL('../../dist/function', import.meta.url).pathname

export interface Deployment extends Api {
  readonly cloud: LocalCloud<FunctionCompute>
  readonly functions: FunctionCompute
  readonly receiver: Receiver
  /** Where browsers reach the gate: `http://localhost:PORT`, as passkeys are not for IP addresses. `url` is the same place. */
  readonly origin: string
  /** Resolves with whatever `check` gives, once it is not undefined; looks again after every cloud call. */
  until<Result>(what: string, check: () => Promise<Result | undefined> | Result | undefined): Promise<Result>
  /**
   * Deploys the same code at the same place with another policy, to both functions or to some; the record stays. `secrets`:
   * what the gate finds in its environment from then on; an empty one counts as none.
   */
  redeploy(
    policy: PolicyChange,
    functions?: readonly ('gate' | 'starter')[],
    secrets?: Readonly<Record<string, string>>,
  ): Promise<void>
  /** Fails when a secret has leaked into a log, a table or the list of cloud calls, or a line of a log has no name. */
  close(): Promise<void>
}

/** Changes the team's policy before it is built in. Its page is at the gate's origin. */
export type PolicyChange = (document: ReturnType<typeof teamDocument>, place: { readonly origin: string }) => unknown

export interface DeploymentOptions extends Partial<Omit<DeployedFunctionsOptions, 'artifact' | 'environment'>> {
  readonly instances?: readonly InstanceInput[]
  readonly policy?: PolicyChange
  /** Takes the placed artifact of the gate somewhere else: for a gate that was replaced. */
  readonly prepare?: (artifact: string) => Promise<void>
  /** What the gate finds in its environment besides: secrets, and where the local chat platforms are. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Gets every cloud call as it is recorded: the log keeps only the last ones. */
  readonly onOperation?: (operation: Operation) => void
}

export const AN_INSTANCE: InstanceInput = {
  id: 'i-bp1reporting',
  region: 'cn-hangzhou',
  name: 'reporting-1',
  tags: { team: 'reporting', startgate: 'allowed' },
  startingMs: 300,
}

export async function deploy({
  instances = [AN_INSTANCE],
  policy = (same) => same,
  prepare,
  secrets = {},
  onOperation,
  ...rest
}: DeploymentOptions = {}): Promise<Deployment> {
  const receiver = await startReceiver()
  const folder = await mkdtemp(join(tmpdir(), 'startgate-'))
  const place = async (change: PolicyChange, origin: string): Promise<string> => {
    const document = teamDocument()
    document['page'] = { origin }
    document['receivers'] = {
      'ops-room': { url: `${receiver.url}/ops-room` },
      'alice-inbox': { url: `${receiver.url}/alice-inbox` },
    }
    // YAML reads JSON as it is.
    await writeFile(join(folder, 'policy.yaml'), JSON.stringify(change(document, { origin })))
    const placed = await mkdtemp(join(folder, 'function-'))
    await placePolicy(ARTIFACT, join(folder, 'policy.yaml'), placed)
    await prepare?.(placed)
    return placed
  }
  const environment = {
    VIEW_KEY: randomBytes(32).toString('hex'),
    GATE_SIGNING_KEY: SIGNING_KEY,
    CALLER_SECRET_DEPLOY_BOT: CALLER_SECRET,
    RECEIVER_SECRET_OPS_ROOM: RECEIVER_SECRET,
    ...secrets,
  }
  const leaks = createSecretLog()
  const addSecrets = (given: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(given)) {
      // With the kind that it begins with, and without.
      if (!value.startsWith('http')) leaks.add(name, value, value.replace(/^wh(sk|sec)_/, ''))
    }
  }
  addSecrets(environment)
  const waiting = new Set<() => void>()
  const wakeAll = (): void => {
    for (const wake of waiting) wake()
  }
  const cloud = await createLocalCloud({
    instances: [...instances],
    onOperation(operation) {
      onOperation?.(operation)
      wakeAll()
    },
    async functions({ spine, endpoints }) {
      const PUBLIC_URL = toOrigin(endpoints.http['gate'])
      const artifact = await place(policy, PUBLIC_URL)
      const options = { timeScale: TIME_SCALE, ...rest, artifact, environment: { ...environment, PUBLIC_URL } }
      const { credentials } = spine
      const issue: typeof credentials.issue = (...of) => leaks.watch(credentials.issue(...of))
      return deployedFunctions(options)({ spine: { ...spine, credentials: { ...credentials, issue } }, endpoints })
    },
  })
  const { functions } = cloud
  if (functions === undefined) throw new Error('the functions were not deployed')
  const url = cloud.endpoints.http['gate'] ?? ''
  const origin = toOrigin(url)
  return {
    ...createApi(url, {
      onCall: (token) => leaks.add('a signed call', token),
      onEvidence: (evidence) => leaks.addEvidence(evidence),
    }),
    cloud,
    functions,
    receiver,
    origin,
    async until(what, check) {
      const deadline = Date.now() + 30_000
      for (;;) {
        const found = await check()
        if (found !== undefined) return found
        if (Date.now() > deadline) throw new Error(`waited 30 s in vain until ${what}`)
        await nextOperation(waiting)
      }
    },
    async redeploy(change, changing = ['gate', 'starter'], fresh = {}) {
      const changed = await place(change, origin)
      addSecrets(fresh)
      for (const fn of changing) functions.deploy(fn, changed, fn === 'gate' ? fresh : {})
    },
    async close() {
      await cloud.close()
      await receiver.close()
      await rm(folder, { recursive: true, force: true })
      const found = [...leaks.findLeaks(cloud), ...findNameless(functions).map((line) => `A line has no name: ${line}`)]
      if (found.length > 0) throw new Error(found.join('\n').slice(0, MOST_TOLD))
    },
  }
}

function toOrigin(url = ''): string {
  return `http://localhost:${new URL(url).port}`
}

/** The next cloud call, or a while at most: some things end by time alone. */
async function nextOperation(waiting: Set<() => void>): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 250)
    waiting.add(() => {
      clearTimeout(timer)
      resolve()
    })
  })
  waiting.clear()
}
