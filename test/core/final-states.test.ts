import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SECOND } from '#core/durations.ts'
import type { Planted } from './record-model.ts'
import { anyOrders, findLeft, play, type Order } from './record-play.ts'

const ORDERS = anyOrders(0, 20 * SECOND)

function faultOf(orders: readonly Order[], planted?: Planted): string | undefined {
  const world = play(orders, planted)
  const left = findLeft(world)
  if (left !== undefined) return `${left[0]} was left for ${left[1]}`
  if (world.saidStopped && world.sent > 0) return 'it was started, though somebody heard "stopped"'
  return world.sent > 1 ? 'it was started twice' : undefined
}

test('an end is never left, "stopped" is true, and one approval starts once, whoever acts in whatever order', () => {
  fc.assert(
    fc.property(ORDERS, (orders) => {
      expect(faultOf(orders)).toBeUndefined()
    }),
    { numRuns: 1000 },
  )
})

test.each<Planted>(['no_second_reading', 'runs_read_before_the_no', 'stops_whatever_runs_says'])(
  'leaving a rule out is noticed: %s',
  (planted) => {
    const found = fc.check(
      fc.property(ORDERS, (orders) => faultOf(orders, planted) === undefined),
      { numRuns: 5000, endOnFailure: true, seed: 1 },
    )

    expect(found.failed).toBe(true)
    expect(faultOf(found.counterexample?.[0] ?? [])).toBeUndefined()
  },
)
