// Clock and random: the real ones, and those that tests move.
import { describe, expect, it } from 'vitest'
import { createClock, createRandom } from '#adapters/world.ts'
import { createVirtualClock } from '#support/memory/clock.ts'
import { createSeededRandom } from '#support/memory/random.ts'

describe.each([
  ['real', createClock],
  ['virtual', createVirtualClock],
])('a clock (%s)', (_, create) => {
  it('sleeps as long as it was told, by its own measure', async () => {
    const clock = create()
    const [now, begun] = [clock.now(), clock.monotonic()]
    await clock.sleep(20)

    // A timer may fire a fraction of a millisecond early by the finer clock.
    expect(clock.monotonic() - begun).toBeGreaterThanOrEqual(19)
    expect(clock.now()).toBeGreaterThanOrEqual(now + 19)
    expect(Number.isInteger(clock.now())).toBe(true)
  })

  it('wakes sleepers in the order of their times', async () => {
    const clock = create()
    const woken: number[] = []
    await Promise.all([30, 10, 20].map((ms) => clock.sleep(ms).then(() => woken.push(ms))))

    expect(woken).toEqual([10, 20, 30])
  })
})

describe('a virtual clock', () => {
  it('that does not leap stands still until it is moved', async () => {
    const clock = createVirtualClock({ at: 1000, leaps: false })
    const woken: string[] = []
    const work = async (name: string, ms: number) => {
      await clock.sleep(ms)
      woken.push(`${name} at ${clock.now()}`)
      await clock.sleep(ms)
      woken.push(`${name} at ${clock.now()}`)
    }
    const both = Promise.all([work('a', 30), work('b', 20)])
    await clock.advance(45)
    expect(woken).toEqual(['b at 1020', 'a at 1030', 'b at 1040'])
    expect(clock.monotonic()).toBe(45)
    await clock.advance(15)
    await both

    expect(woken.at(-1)).toBe('a at 1060')
  })

  it('shifts what people read and not what passes', async () => {
    const clock = createVirtualClock({ at: 1000 })
    clock.shift(-400)

    expect([clock.now(), clock.skewed(5).now(), clock.monotonic()]).toEqual([600, 605, 0])
  })
})

describe.each([
  ['real', createRandom],
  ['seeded', () => createSeededRandom(7)],
])('chance (%s)', (_, create) => {
  it('makes ids of 128 bits that do not repeat', () => {
    const random = create()
    const ids = Array.from({ length: 1000 }, () => random.id())

    expect(new Set(ids).size).toBe(1000)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('shuffles a copy, every item once, and not always alike', () => {
    const random = create()
    const items = Array.from({ length: 20 }, (__, n) => n)
    const orders = Array.from({ length: 20 }, () => random.shuffle(items))

    for (const order of orders) expect(order.toSorted((one, other) => one - other)).toEqual(items)
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1)
    expect(items[0]).toBe(0)
  })
})

describe('seeded chance', () => {
  it('is the same for the same seed', () => {
    const [one, same, other] = [createSeededRandom(3), createSeededRandom(3), createSeededRandom(4)]

    expect(one.id()).toBe(same.id())
    expect(one.id()).not.toBe(other.id())
  })
})
