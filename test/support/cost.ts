// What the deployed functions consume: calls, capacity units of Tablestore and invocations as the local cloud counts them,
// and the time that Function Compute bills for them.
import { readFileSync } from 'node:fs'
import { DURATIONS, SECOND } from '#core/durations.ts'
import type { Operation } from '#infra/local/spine.ts'
import { parseServiceFile } from '#infra/s-yaml.ts'
import { deploy, type Deployment } from './deployment.ts'
import { anInstance } from './play.ts'

const COUNTED = ['tablestore', 'read', 'write', 'ecs', 'hints', 'gate', 'starter'] as const

/** Calls by service, units of Tablestore, invocations by function, and seconds that the starter waits for the next look. */
export type Cost = Readonly<Record<(typeof COUNTED)[number] | 'waited', number>>

export interface Costs {
  /** Asked, approved, started and told; the instance boots for half a minute. */
  readonly request: Cost
  /** Somebody opens the page of a request, or shows it. */
  readonly look: Cost
  /** Nothing is asked, and nothing is open. */
  readonly idleMinute: Cost
}

export interface Meter {
  readonly deployment: Deployment
  /** What both functions consume while it is done, and until all that follows from it has ended. */
  record(work: () => unknown): Promise<Cost>
  /** Invocations of both so far, and how long they took on this machine, at the time scale of the meter. */
  ran(): { readonly invocations: number; readonly ms: number }
}

/** What an invocation is taken to last, besides waiting: nobody has measured it on Function Compute. */
export const INVOCATION_MS = 100

const SLOW = 'i-bp1slow'
/** Runs as soon as it is started. */
export const QUICK = 'i-bp1quick'
/** Looks that find it booting: 30 s, however long they take here. */
const LOOKS_AT_BOOT = 5
/** Gentler than in other stories: even on a busy machine these looks end within the time that the starter stays. */
const TIME_SCALE = 10

const { gate: GATE, starter: STARTER } = parseServiceFile(
  readFileSync(new URL('../../s.yaml', import.meta.url), 'utf8'),
).resources

/** Its timers fire by hand. The starter has noted already what it runs. */
export async function createMeter(): Promise<Meter> {
  const ran: Record<string, number[]> = { gate: [], starter: [] }
  let looks = 0
  const deployment: Deployment = await deploy({
    timers: false,
    timeScale: TIME_SCALE,
    instances: [anInstance(SLOW, { boot: 'hangs' }), anInstance(QUICK, { startingMs: 0 }), anInstance('i-bp1never')],
    onInvocation: (fn, ms) => void ran[fn]?.push(ms),
    onOperation({ operation, role }) {
      if (operation === 'StartInstance') looks = 0
      if (operation !== 'DescribeInstances' || role !== 'starter') return
      looks += 1
      if (looks === LOOKS_AT_BOOT) deployment.cloud.ecs.instances.change(SLOW, { status: 'Running' })
    },
  })
  const { functions, cloud } = deployment
  const count = (fn: string): number => ran[fn]?.length ?? 0
  functions.fireTimer('starter', 'sweep')
  await functions.idle()
  return {
    deployment,
    async record(work) {
      const { operations } = cloud.spine
      const [mark, gate, starter] = [operations.mark(), count('gate'), count('starter')]
      await work()
      await functions.idle()
      const lines = operations.since(mark).filter(({ role }) => role === 'gate' || role === 'starter')
      const of = (service: string) => lines.filter((line) => line.service === service)
      return {
        tablestore: of('ots').length,
        read: of('ots').reduce((total, { units }) => total + (units?.read ?? 0), 0),
        write: of('ots').reduce((total, { units }) => total + (units?.write ?? 0), 0),
        ecs: of('ecs').length,
        hints: of('fc').length,
        gate: count('gate') - gate,
        starter: count('starter') - starter,
        waited: toWaited(of('ecs')),
      }
    },
    ran() {
      const all = Object.values(ran).flat()
      return { invocations: all.length, ms: all.reduce((total, ms) => total + ms, 0) }
    },
  }
}

/** The starter waits before each look at what it has started. */
function toWaited(calls: readonly Operation[]): number {
  const started = calls.findIndex(({ operation }) => operation === 'StartInstance')
  const looks = started === -1 ? 0 : calls.length - 1 - started
  return (looks * DURATIONS.lookEvery) / SECOND
}

export async function measureCosts({ deployment, record }: Meter): Promise<Costs> {
  const { ask, show, sign, decide, functions } = deployment
  const key = 'measured'
  const asked = await record(() => ask({ instanceId: SLOW }, 'alice', key))
  const { id } = (await ask({ instanceId: SLOW }, 'alice', key)).body
  const look = await record(() => show(id))
  const token = await sign('bob', 'approve', id)
  const approved = await record(() => decide(id, 'approve', token))
  const idleMinute = await record(() => {
    functions.fireTimer('starter', 'sweep')
    functions.fireTimer('gate', 'tell')
  })
  return { request: collect((name) => asked[name] + approved[name]), look, idleMinute }
}

function collect(toNumber: (name: keyof Cost) => number): Cost {
  return Object.fromEntries([...COUNTED, 'waited' as const].map((name) => [name, toNumber(name)])) as Cost
}

/** As the table in ARCHITECTURE.md has it: a name, and a number a column. */
export function toTable({ request, look, idleMinute }: Costs): readonly (readonly [string, ...number[]])[] {
  const minutes = 30 * 24 * 60
  const month = collect((name) => minutes * idleMinute[name])
  return [
    ['a request: asked, approved, started, told', ...toColumns(request)],
    ['somebody looks at it', ...toColumns(look)],
    ['an idle month of 30 days', ...toColumns(month)],
  ]
}

/** What was counted; then seconds of functions, and these times their vCPUs and their GB, to three digits. */
function toColumns(cost: Cost): readonly number[] {
  const gate = (cost.gate * INVOCATION_MS) / SECOND
  const starter = (cost.starter * INVOCATION_MS) / SECOND + cost.waited
  const billed = [
    gate + starter,
    gate * GATE.props.cpu + starter * STARTER.props.cpu,
    (gate * GATE.props.memorySize + starter * STARTER.props.memorySize) / 1024,
  ]
  return [...COUNTED.map((name) => cost[name]), ...billed.map((number) => Number(number.toPrecision(3)))]
}
