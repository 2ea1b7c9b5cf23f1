// Time goes by, and the gate's timer fires every minute of it.
import { MINUTE } from '#core/durations.ts'
import type { World } from './world.ts'

export async function tickFor(world: World, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.clock.advance(MINUTE)
    await world.tellDue()
  }
}
