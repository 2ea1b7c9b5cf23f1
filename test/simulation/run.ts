// One history: a while in which everything may happen, then a while in which all goes well and everything must end.
import { DURATIONS, HOUR, MINUTE, SECOND } from '#core/durations.ts'
import { drawWeather, type Weather } from './faults.ts'
import { deliverHint, timers } from './functions.ts'
import { Violation } from './judge.ts'
import * as people from './people.ts'
import * as strangers from './strangers.ts'
import { createTown, type Town } from './town.ts'

export interface Outcome {
  readonly seed: number
  /** What does not hold; undefined when everything does. */
  readonly violation: string | undefined
  readonly trace: readonly string[]
  readonly weather: Weather
  readonly steps: number
  readonly requests: number
  readonly states: readonly string[]
}

export interface RunOptions {
  /** How many things happen before all goes well; default: drawn from the seed. */
  readonly length?: number
}

const ACTS: readonly (readonly [weight: number, act: people.Act])[] = [
  [3, people.asks],
  [1, people.timerAsks],
  [14, people.approves],
  [4, people.replays],
  [3, people.denies],
  [2, people.cancels],
  [8, deliverOne],
  [8, timers.sweep],
  [4, timers.tell],
  [3, people.byHand],
  [2, people.receivers],
  [1, people.redeploys],
  [3, strangers.forges],
  [2, strangers.alters],
  [1, strangers.hides],
  [2, strangers.lures],
  [1, strangers.isNewer],
]
const WEIGHTED = ACTS.flatMap(([weight, act]) => Array.from({ length: weight }, () => act))

export async function run(seed: number, { length }: RunOptions = {}): Promise<Outcome> {
  const town = createTown(seed, drawWeather)
  let steps = 0
  try {
    const end = length ?? 40 + town.random.below(160)
    for (; steps < end && town.violations.length === 0; steps += 1) await go(town)
    await playOut(town)
  } catch (error) {
    if (!(error instanceof Violation)) throw new Error(`seed ${seed}: ${String(error)}`, { cause: error })
  }
  const violation = town.violations[0] ?? findBug(town)
  const states = [...town.asked.keys()].map((id) => town.standing(id)?.state ?? 'unreadable')
  const { weather, scheduler } = town
  return { seed, violation, trace: scheduler.trace, weather, steps, requests: town.asked.size, states }
}

/** A process may end for what went wrong around it, not for a mistake of its own. */
function findBug({ ends }: Town): string | undefined {
  const found = ends.find((error) => error instanceof TypeError || error instanceof RangeError)
  return found === undefined ? undefined : String(found)
}

async function deliverOne(town: Town): Promise<void> {
  const [hint] = town.hints.splice(0, 1)
  if (hint !== undefined) await deliverHint(town, hint)
}

async function go(town: Town): Promise<void> {
  const { random, scheduler } = town
  const die = random.below(100)
  if (die < 70 && (await scheduler.step())) return
  if (die < 73) {
    // The starter is at work while the edge goes by.
    await town.pass(toNextEdge(town) - SECOND)
    await timers.sweep(town)
    for (let more = random.below(10); more > 0 && (await scheduler.step()); more -= 1);
    await town.pass(2 * SECOND)
  } else if (die < 91) {
    await people.pick(town, WEIGHTED)(town)
  } else {
    await town.pass(
      random.below(3) === 0
        ? toNextEdge(town)
        : people.pick(town, [100, SECOND, SECOND, 4 * SECOND, 4 * SECOND, 20 * SECOND, 50 * SECOND, 2 * MINUTE]),
    )
  }
}

/** To where it matters which of two things comes first: just before, at, or after one of the times of a request. */
function toNextEdge(town: Town): number {
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
  return people.pick(town, ahead) - now + people.pick(town, [-50 * SECOND, -2 * SECOND, -500, 0, 1, 20 * SECOND])
}

/** Nothing goes wrong any more; the timers fire every minute, and hints come unless all of them are lost. */
async function playOut(town: Town): Promise<void> {
  const { scheduler } = town
  town.faultsCeased = true
  for (const receiver of ['ops-room', 'alice-inbox']) town.messenger.accept(receiver)
  await finishAll(town)
  findDue(town)
  const ceased = scheduler.now()
  for (
    let minute = 0;
    minute < 90 && town.violations.length === 0 && (town.open.entries().length > 0 || minute === 0);
    minute += 1
  ) {
    const began = scheduler.now()
    await timers.sweep(town)
    await timers.tell(town)
    await finishAll(town)
    while (town.hints.length > 0 && town.weather.hints !== 'lost') {
      await deliverOne(town)
      await finishAll(town)
    }
    checkEnds(town, ceased)
    await town.pass(Math.max(SECOND, began + MINUTE - scheduler.now()))
  }
  // What a frozen function still holds is sent when it thaws.
  await town.pass(HOUR)
  town.judge.atTheEnd()
}

async function finishAll(town: Town): Promise<void> {
  const { scheduler } = town
  for (const process of scheduler.alive()) process.stalledUntil = Math.min(process.stalledUntil, scheduler.now())
  for (;;) {
    while (await scheduler.step());
    const next = scheduler.nextAt()
    if (next === undefined) return
    await town.pass(Math.max(1, next - scheduler.now()))
  }
}

/** Ready, with time left, an instance that can be started, and the policy that it was asked under. */
function findDue(town: Town): void {
  if (town.weather.redeploys || town.weather.hands || town.weather.skew > DURATIONS.clockSkew) return
  for (const [id, { proposal }] of town.asked) {
    const standing = town.standing(id)
    const startable = town.instances.statusOf(proposal.request.instanceId) === 'Stopped'
    const inTime = proposal.request.expiresAt - town.scheduler.now() > 4 * MINUTE
    if (standing?.state === 'ready' && startable && inTime && !proposal.request.initLocalDisk) town.due.add(id)
  }
}

/** Whoever was answered gets an end in time. */
function checkEnds(town: Town, ceased: number): void {
  const { weather, scheduler } = town
  if (weather.hostile || weather.skew > DURATIONS.clockSkew || town.newer) return
  for (const [id, { proposal, digest }] of town.asked) {
    const standing = town.standing(id)
    if (standing === undefined || standing.final) continue
    const { createdAt, notBefore, expiresAt } = proposal.request
    const attempted = town.runs.stream(digest).findLast(({ type }) => type === 'attempted')?.at ?? 0
    const validUntil = Math.max(expiresAt, Math.max(createdAt, notBefore ?? 0)) + 10 * MINUTE
    const latest =
      Math.max(ceased + 5 * MINUTE, validUntil, attempted === 0 ? 0 : attempted + 40 * MINUTE) + weather.skew
    if (scheduler.now() > latest) town.violations.push(`${id} is ${standing.state} and should have ended`)
  }
}
