// What the deployed functions consume, counted by the local cloud: calls, capacity units of Tablestore, invocations.
import { deploy, type Deployment } from './deployment.ts'
import { anInstance } from './play.ts'

const COUNTED = ['tablestore', 'read', 'write', 'ecs', 'hints', 'gate', 'starter'] as const

/** Calls by service, units of Tablestore, and invocations by function. */
export type Cost = Readonly<Record<(typeof COUNTED)[number], number>>

export interface Costs {
  /** Asked, approved, started and told; without the looks at an instance while it boots. */
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
  /** Seconds that both have run so far, on this machine and at the time scale of the stories. */
  seconds(): number
}

const SLOW = 'i-bp1slow'

/** Its timers fire by hand. The starter has noted already what it runs. */
export async function createMeter(): Promise<Meter> {
  const ran: Record<string, number[]> = { gate: [], starter: [] }
  const deployment = await deploy({
    timers: false,
    // Boots for longer than the starter stays with it, and so is seen to run by a sweep.
    instances: [anInstance(SLOW, { startingMs: 3500 }), anInstance('i-bp1never')],
    onInvocation: (fn, ms) => void ran[fn]?.push(ms),
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
      }
    },
    seconds: () =>
      Object.values(ran)
        .flat()
        .reduce((total, ms) => total + ms, 0) / 1000,
  }
}

export async function measureCosts({ deployment, record }: Meter): Promise<Costs> {
  const { ask, show, sign, decide, functions, cloud, until } = deployment
  const key = 'measured'
  const asked = await record(() => ask({ instanceId: SLOW }, 'alice', key))
  const { id } = (await ask({ instanceId: SLOW }, 'alice', key)).body
  const look = await record(() => show(id))
  const token = await sign('bob', 'approve', id)
  const { operations } = cloud.spine
  const mark = operations.mark()
  const approved = await record(() => decide(id, 'approve', token))
  const stays = operations.since(mark).filter(({ operation }) => operation === 'DescribeInstances').length - 1
  await until('it runs', () => cloud.ecs.instances.find(SLOW)?.phase.status === 'Running' || undefined)
  const swept = await record(() => functions.fireTimer('starter', 'sweep'))
  const idleMinute = await record(() => {
    functions.fireTimer('starter', 'sweep')
    functions.fireTimer('gate', 'tell')
  })
  const request = add(asked, approved, swept)
  return { request: { ...request, ecs: request.ecs - stays }, look, idleMinute }
}

function add(...costs: readonly Cost[]): Cost {
  const sums = COUNTED.map((name) => [name, costs.reduce((total, cost) => total + cost[name], 0)])
  return Object.fromEntries(sums) as Cost
}

/** As the table in ARCHITECTURE.md has it: a name, and a number a column. */
export function toTable({ request, look, idleMinute }: Costs): readonly (readonly [string, ...number[]])[] {
  const minutes = 30 * 24 * 60
  const month = COUNTED.map((name) => minutes * idleMinute[name])
  return [
    ['a request: asked, approved, started, told', ...COUNTED.map((name) => request[name])],
    ['somebody looks at it', ...COUNTED.map((name) => look[name])],
    ['an idle month of 30 days', ...month],
  ]
}
