// The second half of a history: nothing goes wrong any more, and whoever was answered gets an end in time.
import { DURATIONS, HOUR, MINUTE, SECOND } from '#core/durations.ts'
import { deliverOne, timers } from './functions.ts'
import type { Town } from './town.ts'

/** The timers fire every minute, and hints come unless all of them are lost. */
export async function playOut(town: Town): Promise<void> {
  const { scheduler } = town
  town.faultsCeased = true
  for (const receiver of ['ops-room', 'alice-inbox']) town.messenger.accept(receiver)
  for (const platform of ['slack', 'feishu'] as const) town.chat.accept(platform)
  await finishAll(town)
  findDue(town)
  const ceased = scheduler.now()
  const isOver = (): boolean => town.violations.length > 0 || town.open.entries().length === 0
  for (let minute = 0; minute < 90 && (minute === 0 || !isOver()); minute += 1) {
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

/** Everybody goes on until nobody can, or until that time. */
export async function finishAll(town: Town, until = Number.MAX_SAFE_INTEGER): Promise<void> {
  const { scheduler } = town
  for (const process of scheduler.alive()) process.stalledUntil = Math.min(process.stalledUntil, scheduler.now())
  for (;;) {
    while (await scheduler.step());
    const next = scheduler.nextAt()
    if (next === undefined || next > until) return
    await town.pass(Math.max(1, next - scheduler.now()))
  }
}

/** Ready, with time left, an instance that can be started, and the policy that it was asked under. */
function findDue(town: Town): void {
  if (town.weather.redeploys || town.weather.skew > DURATIONS.clockSkew) return
  for (const [id, { proposal }] of town.asked) {
    const standing = town.standing(id)
    const { status, type, locks } = town.instances.lookOf(proposal.request.instanceId)
    const startable = status === 'Stopped' && locks.length === 0 && type === proposal.instance.type
    const inTime = proposal.request.expiresAt - town.scheduler.now() > 4 * MINUTE
    if (standing?.state === 'ready' && startable && inTime && !proposal.request.initLocalDisk) town.due.add(id)
  }
}

function checkEnds(town: Town, ceased: number): void {
  const { weather, scheduler } = town
  if (weather.hostile || weather.skew > DURATIONS.clockSkew || town.newer) return
  for (const [id, { proposal, digest }] of town.asked) {
    const standing = town.standing(id)
    if (standing === undefined || standing.final) continue
    const { createdAt, notBefore, expiresAt } = proposal.request
    const attempted = town.runs.stream(digest).findLast(({ type }) => type === 'attempted')?.at ?? 0
    const validUntil = Math.max(expiresAt, createdAt, notBefore ?? 0) + 10 * MINUTE
    const ended = Math.max(ceased + 5 * MINUTE, validUntil, attempted === 0 ? 0 : attempted + 40 * MINUTE)
    if (scheduler.now() > ended + weather.skew) town.violations.push(`${id} is ${standing.state} and should have ended`)
  }
}
