// What every open set promises, wherever it is kept.
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { OpenEntry, OpenSet } from '#ports/open-set.ts'

export interface OpenSetUnderTest {
  readonly open: OpenSet
  /** The answer to the next write is lost; the write itself is carried out or not. */
  loseWrite(applied: boolean): void
  loseRead(): void
}

export function describeOpenSet(name: string, setup: () => Promise<OpenSetUnderTest>): void {
  describe(`an open set (${name})`, async () => {
    const under = await setup()
    const { open } = under
    const find = async ({ request }: OpenEntry) => (await open.all()).filter((each) => each.request === request)
    const added = async (given: Partial<OpenEntry> = {}): Promise<OpenEntry> => {
      const entry = createEntry(given)
      expect(await open.add(entry)).toBe('added')
      return entry
    }

    it('gives every entry back as it was added', async () => {
      const entries = [await added(), await added({ phase: 'start', notBefore: 5 }), await added({ phase: 'tell' })]

      for (const entry of entries) expect(await find(entry)).toEqual([entry])
    })

    it('gives all of many entries', async () => {
      const before = await open.all()
      const entries = await Promise.all(Array.from({ length: 40 }, () => added()))
      const all = await open.all()

      expect(all).toHaveLength(before.length + entries.length)
      expect(all).toEqual(expect.arrayContaining(entries))
    })

    it('leaves an entry that is there as it is', async () => {
      const entry = await added()

      expect(await open.add({ ...entry, expiresAt: entry.expiresAt + 1 })).toBe('exists')
      expect(await find(entry)).toEqual([entry])
    })

    it('raises a phase, and renews the entry in the same phase', async () => {
      const entry = await added()
      for (const change of [{ createdAt: 7 }, { phase: 'start' }, { notBefore: 9 }, { phase: 'tell' }] as const) {
        const raised = { ...entry, phase: (await find(entry))[0]?.phase ?? 'decide', ...change }

        expect(await open.raise(raised)).toBe(true)
        expect(await find(entry)).toEqual([raised])
      }
    })

    it.each([
      ['start', 'decide'],
      ['tell', 'decide'],
      ['tell', 'start'],
    ] as const)('never lowers a phase from %s to %s', async (there, lower) => {
      const entry = await added({ phase: there })

      expect(await open.raise({ ...entry, phase: lower, expiresAt: 1 })).toBe(false)
      expect(await find(entry)).toEqual([entry])
    })

    it('ends in the highest phase, in whatever order raises arrive', async () => {
      for (let round = 0; round < 10; round += 1) {
        const entry = await added()
        const phases = (['start', 'tell', 'decide', 'start', 'tell'] as const).map((phase) => ({ ...entry, phase }))
        await Promise.all(phases.map((each) => open.raise(each)))

        expect((await find(entry)).map(({ phase }) => phase)).toEqual(['tell'])
      }
    })

    it('raises nothing that is not there, and brings nothing back that was removed', async () => {
      const entry = await added()
      await open.remove(entry.request)

      expect(await open.raise({ ...entry, phase: 'tell' })).toBe(false)
      expect(await open.raise(createEntry())).toBe(false)
      expect(await find(entry)).toEqual([])
    })

    it('removes an entry, once or twice', async () => {
      const [entry, other] = [await added(), await added()]
      await open.remove(entry.request)
      await open.remove(entry.request)

      expect(await find(entry)).toEqual([])
      expect(await find(other)).toEqual([other])
    })

    it('removes an entry as it was read, and none that was renewed since', async () => {
      const [entry, renewed] = [await added(), await added()]
      const now = { ...renewed, createdAt: renewed.createdAt + 1, expiresAt: renewed.expiresAt + 1 }
      await open.raise(now)
      for (const each of [entry, renewed, createEntry()]) await open.removeIfUnchanged(each)

      expect(await find(entry)).toEqual([])
      expect(await find(renewed)).toEqual([now])
    })

    describe.each([true, false])('when an answer is lost (carried out: %s)', (applied) => {
      it('has the entry once', async () => {
        const entry = createEntry()
        under.loseWrite(applied)

        expect(['added', 'exists']).toContain(await open.add(entry))
        expect(await find(entry)).toEqual([entry])
      })

      it('has raised it', async () => {
        const entry = await added()
        const raised = { ...entry, phase: 'start' } as const
        under.loseWrite(applied)

        expect(await open.raise(raised)).toBe(true)
        expect(await find(entry)).toEqual([raised])
      })

      it('still never lowers it', async () => {
        const entry = await added({ phase: 'tell' })
        under.loseWrite(applied)

        expect(await open.raise({ ...entry, phase: 'start' })).toBe(false)
        expect(await find(entry)).toEqual([entry])
      })

      it('has removed it', async () => {
        const [one, other] = [await added(), await added()]
        under.loseWrite(applied)
        await open.remove(one.request)
        under.loseWrite(applied)
        await open.removeIfUnchanged(other)

        expect([...(await find(one)), ...(await find(other))]).toEqual([])
      })
    })

    it('is read although an answer is lost', async () => {
      const entry = await added()
      under.loseRead()

      expect(await find(entry)).toEqual([entry])
    })
  })
}

export function createEntry(given: Partial<OpenEntry> = {}): OpenEntry {
  const createdAt = 1_795_424_400_123
  return {
    request: `req_${randomBytes(16).toString('hex')}`,
    phase: 'decide',
    digest: randomBytes(32).toString('hex'),
    createdAt,
    notBefore: 0,
    expiresAt: createdAt + 7_200_000,
    ...given,
  }
}
