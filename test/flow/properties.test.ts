// What holds for every sequence of texts, whoever posts them, and what else happens meanwhile.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { play } from '#support/anybody.ts'
import { anySteps } from '#support/orders.ts'
import type { Planted } from '#support/planted-faults.ts'
import { INSTANCES } from '#support/played-rules.ts'
import { anyTexts, postAll, type Posted } from '#support/reordered.ts'
import { INSTANCE } from '#support/world.ts'

describe('whatever anybody posts, in whatever order and at once', () => {
  test('nothing starts without its approvals, nor twice, nor after "stopped"; and no end is ever left', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, async (steps) => {
        expect((await play(steps)).faults).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test('some of it starts, and some of it ends in each way', async () => {
    const played = await Promise.all(fc.sample(anySteps, { numRuns: 50, seed: 7 }).map(async (steps) => play(steps)))
    const ends = new Set(played.flatMap((each) => each.ends))
    expect([...ends]).toEqual(expect.arrayContaining(['running', 'denied', 'cancelled', 'expired']))
    expect([...new Set(played.flatMap(({ started }) => started))].toSorted()).toEqual(INSTANCES.toSorted())
  })

  test.each<readonly [Planted, string]>([
    ['believes_every_signature', 'started with the approvals of nobody'],
    ['asks_no_groups', 'started with the approvals of'],
    ['keeps_no_hours', 'started outside of its hours'],
    ['puts_without_a_condition', 'started twice'],
    ['sees_no_runs', 'started, though somebody heard "stopped"'],
    ['sees_no_runs', 'running was left'],
  ])('leaving a rule out is noticed: %s, so it is %s', async (planted, fault) => {
    const found = await fc.check(
      fc.asyncProperty(
        anySteps,
        async (steps) => !(await play(steps, planted)).faults.some((each) => each.startsWith(fault)),
      ),
      { numRuns: 500, seed: 9, endOnFailure: true },
    )
    expect(found.failed).toBe(true)
    expect((await play(found.counterexample?.[0] ?? [])).faults).toEqual([])
  })
})

describe('the same texts, repeated and in another order', () => {
  const anyOrders = anyTexts.chain((texts) =>
    fc.record({
      texts: fc.constant(texts),
      again: fc.array(fc.nat(texts.length - 1), { maxLength: 6 }),
      turn: fc.nat(1000),
      instanceId: fc.constantFrom(INSTANCE, 'i-bp1vault'),
    }),
  )

  /** Every text at least once, some more often, in an order that follows from `turn`. */
  function reorder<Item>(items: readonly Item[], again: readonly number[], turn: number): Item[] {
    const all = [...items, ...again.flatMap((at) => items.slice(at, at + 1))]
    return all
      .map((item, at) => [(at * 7919 + turn * 31) % 1009, item] as const)
      .toSorted(([one], [other]) => one - other)
      .map(([, item]) => item)
  }

  test('come to the same end by the same calls, when they are all there before the starter looks', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrders, async ({ texts, again, turn, instanceId }) => {
        const [first, second] = [
          await postAll(texts, { instanceId }),
          await postAll(reorder(texts, again, turn), { instanceId }),
        ]
        expect(second).toEqual(first)
      }),
      { numRuns: 60 },
    )
  })

  test('come to the same end by the same calls, however often the starter looks in between, if nobody says no', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrders, async ({ texts, again, turn, instanceId }) => {
        const yes = texts.filter(({ decision }) => decision === 'approve')
        const [first, second] = [
          await postAll(yes, { instanceId }),
          await postAll(reorder(yes, again, turn), { instanceId, looks: true }),
        ]
        expect(second).toEqual(first)
      }),
      { numRuns: 60 },
    )
  })

  // A no that comes after the start is too late: there the order decides, and only between these.
  const ENDS: readonly Posted[] = [
    { state: 'running', calls: 1, stopped: false },
    { state: 'denied', calls: 0, stopped: true },
    { state: 'pending', calls: 0, stopped: false },
  ]

  test('end as started once or as stopped and never started, if somebody says no while the starter looks', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrders, async ({ texts, again, turn, instanceId }) => {
        expect(ENDS).toContainEqual(await postAll(reorder(texts, again, turn), { instanceId, looks: true }))
      }),
      { numRuns: 60 },
    )
  })

  test.each<readonly [Planted, boolean]>([
    ['hears_the_first_alone', false],
    ['sees_no_runs', true],
  ])('leaving a rule out is noticed: %s', async (planted, looks) => {
    const found = await fc.check(
      fc.asyncProperty(anyOrders, async ({ texts, again, turn, instanceId }) => {
        const posted = await postAll(reorder(texts, again, turn), { instanceId, looks, planted })
        expect(looks ? ENDS : [await postAll(texts, { instanceId, planted })]).toContainEqual(posted)
      }),
      { numRuns: 500, seed: 7, endOnFailure: true },
    )
    expect(found.failed).toBe(true)
  })
})
