// Many requests played at once on one deployment, each on an instance of its own.
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { RequestId } from '#core/request-id.ts'
import { findBrokenLink } from '#core/row.ts'
import type { FinalState } from '#core/standing.ts'
import type { InstanceInput } from '#infra/local/ecs/instance-definition.ts'
import type { Fault, FaultRule } from '#infra/local/spine.ts'
import type { Shown } from './api.ts'
import type { Deployment } from './deployment.ts'

/** One request and what it is about. */
export interface Played {
  readonly id: RequestId
  readonly digest: string
  readonly instanceId: string
}

/** Boots in 0.3 s, and belongs to the rule `reporting`. */
export function anInstance(id: string, more: Partial<InstanceInput> = {}): InstanceInput {
  const tags = { team: 'reporting', startgate: 'allowed' }
  return { id, region: 'cn-hangzhou', tags, startingMs: 300, ...more }
}

/** Repeated as a 503 says: at this scale a machine with other things to do may take too long over a call. */
export async function askFor({ ask, until }: Deployment, instanceId: string, more: object = {}): Promise<Played> {
  const key = randomUUID()
  const { id, digest } = await until(`${instanceId} is asked for`, async () => {
    const { status, body } = await ask({ instanceId, ...more }, 'alice', key)
    if (status >= 500) return undefined
    if (status >= 400) throw new Error(`${instanceId} was not asked for: ${JSON.stringify(body)}`)
    return body
  })
  return { id, digest, instanceId }
}

/** Few at a time, as people would: two cores run all of it. */
export async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce = 2,
): Promise<Result[]> {
  const results: Result[] = []
  const queue = [...items.entries()]
  const hands = Array.from({ length: atOnce }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await work(next[1])
  })
  await Promise.all(hands)
  return results
}

export interface PlannedFault {
  readonly hits: () => number
  /** How many calls the rule was for, those that it let pass included. */
  readonly seen: () => number
  /** Resolves when it has befallen its call. */
  readonly hit: () => Promise<void>
}

export function plan({ cloud, until }: Deployment, rule: Omit<FaultRule, 'fault'>, fault: Fault): PlannedFault {
  const { faults } = cloud.spine
  const planned = faults.add({ ...rule, fault })
  const find = () => faults.list().find(({ id }) => id === planned)
  const hits = (): number => find()?.hits ?? 0
  return {
    hits,
    seen: () => find()?.seen ?? 0,
    hit: async () => {
      await until(`${fault.kind} befalls ${JSON.stringify(rule)}`, () => (hits() > 0 ? true : undefined))
    },
  }
}

/** Sweeps and tells by hand, as the timers would, until every request has ended and everybody was told, and `more`. */
export async function playOut(
  { functions, cloud, until }: Deployment,
  played: readonly Played[],
  more: () => boolean = () => true,
): Promise<void> {
  const ids = new Set<unknown>(played.map(({ id }) => id))
  let firedAt = 0
  await until('every request is final and told', async () => {
    if (Date.now() - firedAt < 750) return undefined
    firedAt = Date.now()
    functions.fireTimer('starter', 'sweep')
    functions.fireTimer('gate', 'tell')
    await functions.idle()
    const isOpen = cloud.tablestore.rows('open').some(({ primaryKey }) => ids.has(primaryKey['request']))
    return isOpen || !more() ? undefined : true
  })
}

/** StartInstance calls that reached ECS, whatever became of them. */
export function callsFor({ cloud }: Deployment, instanceId: string): number {
  return cloud.spine.operations
    .since()
    .filter(({ operation, subject }) => operation === 'StartInstance' && subject.startsWith(instanceId)).length
}

export function startsOf({ cloud }: Deployment, instanceId: string): number {
  return cloud.ecs.instances.starts(instanceId).length
}

/** The states that a receiver was told of, in the order of their numbers: gates that tell at once may cross each other. */
export function toldOf({ receiver }: Deployment, id: RequestId, to = 'ops-room'): readonly string[] {
  return receiver.told
    .filter(({ to: path, body }) => path === to && body.data['id'] === id)
    .toSorted((one, other) => Number(one.body.data['number']) - Number(other.body.data['number']))
    .map(({ body }) => String(body.data['state']))
}

/** The end that every request of a story must come to: this state, whole books, and everybody told of it. */
export async function expectEnd(deployment: Deployment, { id }: Played, state: FinalState): Promise<Shown> {
  const [shown, { asks, runs }] = await Promise.all([deployment.show(id), deployment.receipt(id)])
  expect({ state: shown.state, final: shown.final }).toEqual({ state, final: true })
  expect([findBrokenLink(asks), findBrokenLink(runs)]).toEqual([undefined, undefined])
  for (const receiver of ['ops-room', 'alice-inbox']) expect(toldOf(deployment, id, receiver).at(-1)).toBe(state)
  return shown
}
