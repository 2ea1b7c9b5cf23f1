// Leads a history to where it matters which of two things comes first.
import { DURATIONS, MINUTE, SECOND } from '#core/durations.ts'
import type { RequestId } from '#core/request-id.ts'
import { approve } from '#flow/decide.ts'
import { oneIn } from './choices.ts'
import { deliverHint, invokeGate, timers } from './functions.ts'
import { pick, pickAsked, type Act } from './people.ts'
import { finishAll } from './play-out.ts'
import type { Town } from './town.ts'

/** A hint that comes twice: two starters take the same request up. */
export const twoAtOnce: Act = async (town) => {
  const [request] = pickAsked(town) ?? []
  if (request === undefined) return
  await deliverHint(town, { to: 'starter', request })
  await deliverHint(town, { to: 'starter', request })
}

/** How long until just before, at, or after one of the times of a request, ms. */
export function toNextEdge(town: Town): number {
  const edges = [...town.asked.values()].flatMap(({ proposal: { request }, digest }) => {
    const attempted = town.runs.stream(digest).findLast(({ type }) => type === 'attempted')?.at
    const { functionTimeout, ownerGone, expiryGrace } = DURATIONS
    return [
      request.notBefore ?? 0,
      request.expiresAt,
      request.expiresAt,
      request.expiresAt + expiryGrace,
      ...(attempted === undefined ? [] : [attempted + functionTimeout + ownerGone]),
    ]
  })
  const now = town.scheduler.now()
  const ahead = edges.filter((edge) => edge > now && edge < now + 6 * MINUTE)
  if (ahead.length === 0) return SECOND
  return pick(town, ahead) - now + pick(town, [-50 * SECOND, -2 * SECOND, -500, 0, 1, 20 * SECOND])
}

/** Somebody's function is killed, wherever it is. */
export const aDeath: Act = async (town) => {
  const { scheduler, weather, bent } = town
  const mortal = scheduler.alive().filter(({ of }) => of !== 'people')
  if (weather.perMille === 0 || mortal.length === 0) return
  const process = pick(town, mortal)
  bent.push(`${process.name} was killed`)
  scheduler.kill(process)
}

/** The starter is at work while the edge goes by. */
export const aroundAnEdge: Act = async (town) => {
  await town.pass(toNextEdge(town) - SECOND)
  await goOver(town, pickAsked(town)?.[0])
}

/** The approvals come just before the request expires. */
export const inTheLastSecond: Act = async (town) => {
  const [id, asked] = pickAsked(town) ?? []
  if (id === undefined || asked === undefined) return
  const { expiresAt } = asked.proposal.request
  const left = expiresAt - town.scheduler.now() - 2 * SECOND
  if (left < 0) return
  await town.pass(left)
  for (const by of ['bob', 'carol'] as const) {
    const iat = Math.floor(town.scheduler.now() / SECOND)
    const evidence = town.ledger.sign(by, 'approve', asked.proposal, iat, 'own-tool')
    await invokeGate(town, `${by} approves in the last second`, (deps) => approve(deps, id, evidence))
  }
  await finishAll(town, expiresAt - SECOND)
  await town.pass(expiresAt - 500 - town.scheduler.now())
  await goOver(town, id)
}

async function goOver(town: Town, id: RequestId | undefined): Promise<void> {
  if (id === undefined || oneIn(town.random, 2)) await timers.sweep(town)
  else await deliverHint(town, { to: 'starter', request: id })
  for (let more = town.random.below(12); more > 0 && (await town.scheduler.step()); more -= 1);
  await town.pass(2 * SECOND)
}
