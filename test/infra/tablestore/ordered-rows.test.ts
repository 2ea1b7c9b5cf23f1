import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOrderedRows } from '#infra/local/tablestore/ordered-rows.ts'

const keyOf = (number: number): Buffer => {
  const key = Buffer.alloc(4)
  key.writeUInt32BE(number)
  return key
}

test('holds what a sorted list holds, whatever is put and removed', () => {
  const step = fc.record({ put: fc.boolean(), number: fc.nat(60) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.nat(60), (steps, from) => {
      const rows = createOrderedRows<{ key: Buffer; at: number }>()
      const model = new Map<number, number>()
      for (const [at, { put, number }] of steps.entries()) {
        if (put) {
          rows.put({ key: keyOf(number), at })
          model.set(number, at)
        } else {
          rows.remove(keyOf(number))
          model.delete(number)
        }
      }
      const sorted = [...model].toSorted(([left], [right]) => left - right)
      const up = sorted.filter(([number]) => number >= from)
      const down = sorted.filter(([number]) => number <= from).toReversed()
      expect([...rows.from(keyOf(from), false)].map(({ at }) => at)).toEqual(up.map(([, at]) => at))
      expect([...rows.from(keyOf(from), true)].map(({ at }) => at)).toEqual(down.map(([, at]) => at))
      expect(rows.find(keyOf(from))?.at).toBe(model.get(from))
      expect(rows.size()).toBe(model.size)
    }),
  )
})

test('takes 100,000 rows in scrambled order, and finds its way through them', () => {
  const count = 100_000
  const rows = createOrderedRows<{ key: Buffer }>()
  const started = performance.now()
  // 7919 is prime to the count: every number comes once, far from the one before.
  for (let n = 0; n < count; n += 1) rows.put({ key: keyOf((n * 7919) % count) })
  const elapsedMs = performance.now() - started

  expect(rows.size()).toBe(count)
  expect([...rows.from(keyOf(0), false)].every(({ key }, index) => key.equals(keyOf(index)))).toBe(true)
  expect([...rows.from(keyOf(count), true)].every(({ key }, index) => key.equals(keyOf(count - 1 - index)))).toBe(true)
  for (let n = 0; n < count; n += 2) rows.remove(keyOf(n))
  expect(rows.size()).toBe(count / 2)
  expect(rows.from(keyOf(50_000), false).next().value?.key).toEqual(keyOf(50_001))
  expect(rows.from(keyOf(50_000), true).next().value?.key).toEqual(keyOf(49_999))
  // A gap wider than any block, found from within and from both sides.
  for (let n = 0; n < 60_000; n += 1) rows.remove(keyOf(n + 20_000))
  expect(rows.size()).toBe(20_000)
  expect(rows.from(keyOf(50_000), false).next().value?.key).toEqual(keyOf(80_001))
  expect(rows.from(keyOf(50_000), true).next().value?.key).toEqual(keyOf(19_999))
  expect([10_001, 50_001, 90_001].map((n) => rows.find(keyOf(n)) !== undefined)).toEqual([true, false, true])
  // A quadratic store takes minutes; this one a fraction of a second.
  expect(elapsedMs).toBeLessThan(5000)
})
