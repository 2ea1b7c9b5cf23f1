import { describe, expect, it } from 'vitest'
import { keep } from '#lib/wire.ts'

describe('what is kept', () => {
  it('is made once, however many wait for it', async () => {
    let made = 0
    const get = keep(async () => (made += 1))
    expect(await Promise.all([get(), get()])).toEqual([1, 1])
    expect(await get()).toBe(1)
  })

  it('is made anew after it failed: the next call may find what was missing', async () => {
    let tries = 0
    const get = keep(async () => {
      tries += 1
      if (tries === 1) throw new Error('not there yet')
      return tries
    })
    const first = [get(), get()]
    for (const each of first) await expect(each).rejects.toThrow('not there yet')
    expect(await get()).toBe(2)
    expect(await get()).toBe(2)
  })
})
