// A small ECS in memory: instances with a state that time moves on, and starts that go as they were planned.
import type { Look } from '#core/ready.ts'
import type { InstanceLooks, InstanceStarts, StartAnswer, StartCall } from '#ports/instances.ts'
import type { Clock } from '#ports/world.ts'
import { createMemoryCalls, MemoryUnclearError, type MemoryCalls } from './calls.ts'

/** How an instance behaves in time. */
export interface Behaviour {
  /** From the start to Running; default 30 s. */
  readonly startingMs: number
  /** What the next starts end in. `falls_back`: Stopped after `startingMs`; `hangs`: Starting for ever. */
  readonly boot: 'runs' | 'falls_back' | 'hangs'
  /** Looks show the status of this long ago. */
  readonly lagMs: number
}

export interface PlannedStart {
  readonly answer: StartAnswer
  /** The instance is started all the same, if it can be. Default false. */
  readonly applied?: boolean
  /** The answer takes this long; default 0. */
  readonly afterMs?: number
}

export interface MemoryInstances {
  readonly looks: InstanceLooks
  readonly starts: InstanceStarts
  /** `instanceId` is enough; the rest is an ordinary stopped instance in cn-hangzhou. */
  add(look: Partial<Look> & Pick<Look, 'instanceId'>, behaviour?: Partial<Behaviour>): void
  change(instanceId: string, look: Partial<Look>, behaviour?: Partial<Behaviour>): void
  remove(instanceId: string): void
  /** For the next start of this instance that has none yet. */
  planStart(instanceId: string, planned: PlannedStart): void
  statusOf(instanceId: string): string | undefined
  /** What is true of it now, whatever looks still show. */
  lookOf(instanceId: string): Look
  /** What a start that arrives now does, and is answered. */
  carryOut(call: StartCall): StartAnswer
  /** Starts that took an instance out of Stopped, whatever the caller was told. */
  readonly effective: readonly StartCall[]
}

const AN_INSTANCE: Omit<Look, 'instanceId'> = {
  accountId: '1234567890123456',
  regionId: 'cn-hangzhou',
  name: 'worker',
  type: 'ecs.g7.large',
  zone: 'cn-hangzhou-h',
  imageId: 'aliyun_3_x64_20G_alibase_20240528.vhd',
  chargeType: 'PostPaid',
  status: 'Stopped',
  stoppedMode: 'KeepCharging',
  tags: {},
  locks: [],
}
const ORDINARY: Behaviour = { startingMs: 30_000, boot: 'runs', lagMs: 0 }

interface Held {
  look: Look
  behaviour: Behaviour
  /** Statuses by the time since when they hold; the last one that has come is the one. */
  history: { readonly since: number; readonly status: string }[]
  readonly planned: PlannedStart[]
}

export function createMemoryInstances(clock: Clock, calls: MemoryCalls = createMemoryCalls()): MemoryInstances {
  const held = new Map<string, Held>()
  const effective: StartCall[] = []

  const find = (instanceId: string): Held => {
    const found = held.get(instanceId)
    if (found === undefined) throw new Error(`there is no instance ${instanceId}`)
    return found
  }
  const statusAt = ({ history }: Held, at: number): string =>
    history.findLast(({ since }) => since <= at)?.status ?? history[0]?.status ?? 'Stopped'

  const apply = (call: StartCall): StartAnswer => {
    const found = held.get(call.instanceId)
    const requestId = `start-${calls.list.length}`
    const refused = (code: string, status: number): StartAnswer => ({
      kind: 'answered',
      answer: { code, status, requestId },
    })
    if (found === undefined || found.look.regionId !== call.regionId) return refused('InvalidInstanceId.NotFound', 404)
    if (call.dryRun) return refused('DryRunOperation', 400)
    const now = clock.monotonic()
    if (statusAt(found, now) !== 'Stopped') return refused('IncorrectInstanceStatus', 403)
    effective.push(call)
    const { boot, startingMs } = found.behaviour
    found.history = [...found.history.filter(({ since }) => since <= now), { since: now, status: 'Starting' }]
    const end = { runs: 'Running', falls_back: 'Stopped', hangs: 'Starting' }[boot]
    found.history.push({ since: now + startingMs, status: end })
    return { kind: 'accepted', requestId }
  }

  const look: InstanceLooks['look'] = async (regionId, instanceIds) => {
    const looks = new Map<string, Look>()
    for (let from = 0; from < instanceIds.length; from += 100) {
      const ids = instanceIds.slice(from, from + 100)
      const call = { service: 'ecs', operation: 'DescribeInstances', subject: `${regionId} ${ids.join(',')}` }
      if ((await calls.enter(call)) !== undefined) throw new MemoryUnclearError(call)
      for (const id of ids) {
        const found = held.get(id)
        if (found?.look.regionId !== regionId) continue
        looks.set(id, { ...found.look, status: statusAt(found, clock.monotonic() - found.behaviour.lagMs) })
      }
    }
    return looks
  }

  const findNamed: InstanceLooks['find'] = async (regionId, name) => {
    const call = { service: 'ecs', operation: 'DescribeInstances', subject: `${regionId} ${name}` }
    if ((await calls.enter(call)) !== undefined) throw new MemoryUnclearError(call)
    return [...held.values()]
      .filter(({ look }) => look.regionId === regionId && look.name === name)
      .slice(0, 100)
      .map((found) => ({ ...found.look, status: statusAt(found, clock.monotonic() - found.behaviour.lagMs) }))
  }

  const start: InstanceStarts['start'] = async (call) => {
    const fault = await calls.enter({ service: 'ecs', operation: 'StartInstance', subject: call.instanceId })
    if (fault !== undefined) {
      if (fault.applied) apply(call)
      return fault.kind === 'unclear' ? { kind: 'unsettled' } : { kind: 'no_answer', detail: 'ECONNRESET' }
    }
    const planned = held.get(call.instanceId)?.planned.shift()
    if (planned === undefined) return apply(call)
    if (planned.applied) apply(call)
    if (planned.afterMs !== undefined) await clock.sleep(planned.afterMs)
    return planned.answer
  }

  return {
    looks: { look, find: findNamed },
    carryOut: apply,
    starts: { start },
    effective,
    add(given, behaviour) {
      const look = { ...AN_INSTANCE, ...given }
      const history = [{ since: 0, status: look.status }]
      held.set(look.instanceId, { look, behaviour: { ...ORDINARY, ...behaviour }, history, planned: [] })
    },
    change(instanceId, look, behaviour) {
      const found = find(instanceId)
      found.look = { ...found.look, ...look }
      found.behaviour = { ...found.behaviour, ...behaviour }
      if (look.status === undefined) return
      const now = clock.monotonic()
      found.history = [...found.history.filter(({ since }) => since <= now), { since: now, status: look.status }]
    },
    remove: (instanceId) => void held.delete(instanceId),
    planStart: (instanceId, planned) => void find(instanceId).planned.push(planned),
    statusOf(instanceId) {
      const found = held.get(instanceId)
      return found && statusAt(found, clock.monotonic())
    },
    lookOf(instanceId) {
      const found = find(instanceId)
      return { ...found.look, status: statusAt(found, clock.monotonic()) }
    },
  }
}
