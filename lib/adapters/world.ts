// Time and chance as this machine has them.
import { randomBytes, randomInt } from 'node:crypto'
import type { Clock, Random } from '#ports/world.ts'

const NS_PER_MS = 1e6

export function createClock(): Clock {
  return {
    now: () => Date.now(),
    // Not `performance`, which is loaded when it is first used.
    monotonic: () => Number(process.hrtime.bigint()) / NS_PER_MS,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  }
}

export function createRandom(): Random {
  return {
    id: () => randomBytes(16).toString('hex'),
    shuffle(items) {
      const keyed = items.map((item) => ({ item, key: randomInt(2 ** 47) }))
      return keyed.toSorted((one, other) => one.key - other.key).map(({ item }) => item)
    },
  }
}
