// What sending a hint promises, wherever it goes.
import { describe, expect, it } from 'vitest'
import type { RequestId } from '#core/request-id.ts'
import type { Hints } from '#ports/hints.ts'

export interface HintsUnderTest {
  readonly hints: Hints
  /** What arrived so far. */
  arrived(): readonly { readonly to: 'gate' | 'starter'; readonly request: RequestId }[]
  lose(applied: boolean): void
}

export function describeHints(name: string, setup: () => Promise<HintsUnderTest>): void {
  describe(`hints (${name})`, async () => {
    const { hints, arrived, lose } = await setup()

    it('reach the function that they are for, with the id', async () => {
      await hints.send('gate', 'req_1')
      await hints.send('starter', 'req_2')

      expect(arrived()).toEqual([
        { to: 'gate', request: 'req_1' },
        { to: 'starter', request: 'req_2' },
      ])
    })

    it.each([true, false])('may be lost without a word to the sender (carried out: %s)', async (applied) => {
      const before = arrived().length
      lose(applied)

      await expect(hints.send('starter', 'req_3')).resolves.toBeUndefined()
      expect(arrived()).toHaveLength(before + (applied ? 1 : 0))
    })
  })
}
