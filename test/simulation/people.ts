// What people, machines and timers do, honest or not. Each act is one call of a gate, or something done by hand.
import { digestProposal } from '#core/proposal.ts'
import { isRefused } from '#core/refusal.ts'
import type { RequestId } from '#core/request-id.ts'
import { MINUTE, SECOND } from '#core/durations.ts'
import { ask, type Asked } from '#flow/ask.ts'
import { approve, cancel, deny, type Stopped } from '#flow/decide.ts'
import { askBySchedule } from '#flow/schedule.ts'
import { oneIn } from './choices.ts'
import { invokeGate } from './functions.ts'
import { APPROVERS, PLACE, VERSIONS } from './policies.ts'
import type { Town } from './town.ts'

export type Act = (town: Town) => Promise<void>

export function pick<Item>({ random }: Pick<Town, 'random'>, items: readonly Item[]): Item {
  const item = items[random.below(items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}

const INSTANCES = ['i-plain0', 'i-plain0', 'i-plain1', 'i-wipe2']

export const asks: Act = async (town) => {
  const principal = pick(town, ['alice', 'alice', 'bob'])
  const wish = {
    ...PLACE,
    instanceId: pick(town, INSTANCES),
    reason: 'needed',
    initLocalDisk: false,
    dryRun: oneIn(town.random, 12),
    notBefore: oneIn(town.random, 4) ? town.scheduler.now() + (1 + town.random.below(6)) * MINUTE : null,
  }
  const wipes = wish.instanceId === 'i-wipe2' && !oneIn(town.random, 4)
  // The same few keys come again: a repeat, or another wish under a used key.
  const asker = { principal, via: 'api', key: `key-${town.random.below(5)}` } as const
  await invokeGate(town, `${principal} asks for ${wish.instanceId}`, async (deps) =>
    note(town, await ask(deps, asker, { ...wish, initLocalDisk: wipes })),
  )
}

export const timerAsks: Act = async (town) => {
  const time = new Date(town.scheduler.now() - (town.scheduler.now() % MINUTE)).toISOString()
  await invokeGate(town, 'nightly asks', async (deps) => note(town, await askBySchedule(deps, 'nightly', time)))
}

function note(town: Town, asked: Asked | object): void {
  if (isRefused(asked) || !('proposal' in asked)) return
  const { proposal } = asked as Asked
  const digest = digestProposal(proposal)
  town.digests.set(digest, proposal.request.id)
  // A repeat may be answered with what a hostile gate has made of it since.
  if (!town.asked.has(proposal.request.id)) town.asked.set(proposal.request.id, { proposal, digest })
}

export function pickAsked(
  town: Town,
): readonly [RequestId, { readonly proposal: Parameters<typeof digestProposal>[0] }] | undefined {
  // The latest most of all: the others are more or less decided.
  const all = [...town.asked]
  return all.length === 0 ? undefined : town.random.below(2) === 0 ? all.at(-1) : pick(town, all)
}

/** Mostly now; sometimes by a clock that is far off, or ahead of time. */
function drawIat(town: Town): number {
  const off = oneIn(town.random, 8) ? pick(town, [-6 * MINUTE, 6 * MINUTE, 60 * MINUTE]) : 0
  return Math.floor((town.scheduler.now() + off) / SECOND)
}

export const approves: Act = async (town) => {
  const [id, asked] = pickAsked(town) ?? []
  if (id === undefined || asked === undefined) return
  const by = pick(town, APPROVERS)
  const evidence = town.ledger.sign(
    by,
    'approve',
    asked.proposal,
    drawIat(town),
    pick(town, ['own-tool', 'own-tool', 'page']),
  )
  await invokeGate(town, `${by} approves`, (deps) => approve(deps, id, evidence))
}

/** Any recorded token at any request, as either decision: what somebody who has seen them could post. */
export const replays: Act = async (town) => {
  const [id] = pickAsked(town) ?? []
  if (id === undefined || town.ledger.signatures.length === 0) return
  const { evidence } = pick(town, town.ledger.signatures)
  const decide = oneIn(town.random, 3) ? deny : approve
  await invokeGate(town, 'somebody replays a token', async (deps) =>
    hearStopped(town, id, await decide(deps, id, evidence)),
  )
}

export const denies: Act = async (town) => {
  const [id, asked] = pickAsked(town) ?? []
  if (id === undefined || asked === undefined) return
  const by = pick(town, APPROVERS)
  const evidence = town.ledger.sign(by, 'deny', asked.proposal, Math.floor(town.scheduler.now() / SECOND), 'own-tool')
  await invokeGate(town, `${by} denies`, async (deps) => hearStopped(town, id, await deny(deps, id, evidence)))
}

export const cancels: Act = async (town) => {
  const [id] = pickAsked(town) ?? []
  if (id === undefined) return
  const by = pick(town, ['alice', 'dave'])
  await invokeGate(town, `${by} cancels`, async (deps) => hearStopped(town, id, await cancel(deps, id, by)))
}

function hearStopped(town: Town, id: RequestId, answer: object): void {
  if (!isRefused(answer) && (answer as Stopped).outcome === 'stopped') town.judge.saidStopped(id)
}

export const byHand: Act = async (town) => {
  if (!town.weather.hands) return
  const id = pick(town, INSTANCES)
  const before = town.bent.length
  switch (town.random.below(6)) {
    case 0:
    case 1:
      town.instances.change(id, { status: 'Stopped' })
      break
    case 2:
      town.instances.change(id, { status: pick(town, ['Running', 'Starting', 'Stopping', 'Pending']) })
      break
    case 3:
      town.instances.change(id, pick(town, [{ locks: ['security'] }, { locks: [] }, { type: 'ecs.g7.xlarge' }]))
      break
    case 4:
      town.instances.change(id, {}, { boot: pick(town, ['runs', 'falls_back', 'hangs'] as const) })
      break
    default:
      town.instances.change(id, {}, { lagMs: pick(town, [0, 3 * SECOND, 10 * SECOND]) })
  }
  town.oddBoot = true
  if (town.bent.length === before) town.bent.push(`${id} was changed by hand`)
}

export const receivers: Act = async (town) => {
  if (town.weather.perMille === 0) return
  const receiver = pick(town, ['ops-room', 'alice-inbox', 'slack', 'feishu'] as const)
  const refuses = oneIn(town.random, 2)
  if (receiver === 'slack' || receiver === 'feishu') town.chat[refuses ? 'refuse' : 'accept'](receiver)
  else town.messenger[refuses ? 'refuse' : 'accept'](receiver)
}

/** To one function now, to the other perhaps later. */
export const redeploys: Act = async (town) => {
  if (!town.weather.redeploys) return
  town.versions[pick(town, ['gate', 'starter'] as const)] = pick(town, VERSIONS)
  town.bent.push('another policy was deployed')
}
