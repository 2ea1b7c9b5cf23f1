// Time and chance as this machine has them.
import { randomBytes, randomInt } from 'node:crypto'
import type { Clock, Random } from '#ports/world.ts'

export function createClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
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
