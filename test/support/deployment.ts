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
import { createApi, type Api } from './api.ts'
import { startReceiver, type Receiver } from './receiver.ts'
import { teamDocument } from './team.ts'

/** Twenty times faster than the real thing: a minute is three seconds. */
export const TIME_SCALE = 20
export const SIGNING_KEY = `whsk_${Buffer.alloc(32, 7).toString('base64')}`
export const CALLER_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
export const RECEIVER_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

const ARTIFACT = new URL('../../dist/function', import.meta.url).pathname

export interface Deployment extends Api {
  readonly cloud: LocalCloud<FunctionCompute>
  readonly functions: FunctionCompute
  readonly receiver: Receiver
  /** The directory of the artifact that is deployed. */
  readonly artifact: string
  /** Resolves with whatever `check` gives, once it is not undefined; looks again after every cloud call. */
  until<Result>(what: string, check: () => Promise<Result | undefined> | Result | undefined): Promise<Result>
  close(): Promise<void>
}

export interface DeploymentOptions extends Partial<Omit<DeployedFunctionsOptions, 'artifact' | 'environment'>> {
  readonly instances?: readonly InstanceInput[]
  /** Changes the team's policy before it is built in. */
  readonly policy?: (document: ReturnType<typeof teamDocument>) => unknown
  /** Takes the placed artifact of the gate somewhere else: for a gate that was replaced. */
  readonly prepare?: (artifact: string) => Promise<void>
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
  ...rest
}: DeploymentOptions = {}): Promise<Deployment> {
  const receiver = await startReceiver()
  const folder = await mkdtemp(join(tmpdir(), 'startgate-'))
  const document = teamDocument()
  document['receivers'] = {
    'ops-room': { url: `${receiver.url}/ops-room` },
    'alice-inbox': { url: `${receiver.url}/alice-inbox` },
  }
  // YAML reads JSON as it is.
  await writeFile(join(folder, 'policy.yaml'), JSON.stringify(policy(document)))
  const artifact = join(folder, 'function')
  await placePolicy(ARTIFACT, join(folder, 'policy.yaml'), artifact)
  await prepare?.(artifact)
  const environment = {
    VIEW_KEY: randomBytes(32).toString('hex'),
    GATE_SIGNING_KEY: SIGNING_KEY,
    CALLER_SECRET_DEPLOY_BOT: CALLER_SECRET,
    RECEIVER_SECRET_OPS_ROOM: RECEIVER_SECRET,
  }
  const functions = deployedFunctions({ timeScale: TIME_SCALE, ...rest, artifact, environment })
  const waiting = new Set<() => void>()
  const onOperation = (): void => {
    for (const wake of waiting) wake()
  }
  const cloud = await createLocalCloud({ instances: [...instances], functions, onOperation })
  if (cloud.functions === undefined) throw new Error('the functions were not deployed')
  return {
    ...createApi(cloud.endpoints.http['gate'] ?? ''),
    cloud,
    functions: cloud.functions,
    receiver,
    artifact,
    async until(what, check) {
      const deadline = Date.now() + 30_000
      for (;;) {
        const found = await check()
        if (found !== undefined) return found
        if (Date.now() > deadline) throw new Error(`waited 30 s in vain until ${what}`)
        await nextOperation(waiting)
      }
    },
    async close() {
      await cloud.close()
      await receiver.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
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
