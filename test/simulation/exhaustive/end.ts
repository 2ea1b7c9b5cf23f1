// The end of a history: whoever was at work is dead, nothing goes wrong any more, and the timers fire.
import { MINUTE } from '#core/durations.ts'
import { sweep } from '#support/sweep.ts'
import { tellDue } from '#flow/tell.ts'
import { createDeps, type Setting } from './deps.ts'
import { findBreach, findBreachAtTheEnd, findBreachBetween, type Facts } from './laws.ts'
import { perform, type Ports } from './ports.ts'

/** Minutes from the beginning of the end: until the owner of an attempt is gone, its time is up, and the grace is over. */
const TICKS = [0, 1, 3, 5, 6, 11, 12, 13]
const SEED = 100

/** The law that is broken on the way, or in the end. */
export async function playEnd(
  setting: Setting,
  ports: Ports,
  factsOf: (ports: Ports) => Facts,
): Promise<string | undefined> {
  const began = ports.at
  let facts = factsOf(ports)
  for (const tick of TICKS) {
    if (ports.open.entries().length === 0) break
    ports.at = Math.max(ports.at, began + tick * MINUTE)
    const deps = createDeps(setting, (call) => perform(ports, { do: 'call', call }), ports.clock, SEED + tick)
    for (const work of [() => sweep(deps.starter), () => tellDue(deps.gate)]) {
      const { faults } = await work()
      if (faults.length > 0) return `a timer failed: ${String(faults[0]?.error)}`
      const now = factsOf(ports)
      const breach = findBreach(now) ?? findBreachBetween(facts, now)
      if (breach !== undefined) return `${breach}, after all processes were gone`
      facts = now
    }
  }
  return findBreachAtTheEnd(facts)
}
