// The explorer itself, on processes so small that their histories can be counted by hand.
import { expect, test } from 'vitest'
import type { Book } from '#ports/book.ts'
import { explore } from './explore.ts'
import type { Actor } from './process.ts'
import { beginAsked } from './scenes.ts'

const { setting, proposal, cancels } = await beginAsked()

const readsTwice = (name: string): Actor => ({
  name,
  gate: async ({ asks }: { readonly asks: Book }) => {
    await asks.read('one')
    await asks.read('other')
  },
})

test('two processes of two calls each have 19 ways to go on, each of them perhaps not to its end', async () => {
  const { histories, points, shared } = await explore({ ...setting, processes: [readsTwice('a'), readsTwice('b')] })
  expect({ histories, points, shared }).toEqual({ histories: 19, points: 9, shared: 1 })
})

test('two calls made at once are answered in either order', async () => {
  const processes: readonly Actor[] = [
    { name: 'a', gate: async ({ asks }) => Promise.all([asks.read('one'), asks.read('other')]) },
  ]
  const { histories } = await explore({ ...setting, processes })
  expect(histories).toBe(1 + 2 + 2)
})

test('of a history that breaks a law the shortest is told, also where a process must die for it', async () => {
  const takesOut: Actor = {
    name: 'a',
    gate: async ({ open, asks }) => {
      await open.remove(proposal.request.id)
      await asks.read('one')
    },
  }
  const { breach } = await explore({ ...setting, processes: [cancels(), takesOut] })
  expect(breach?.history).toEqual(['a: open.remove'])
})

test('a process that ends with an error is a breach', async () => {
  const processes: readonly Actor[] = [{ name: 'a', gate: () => Promise.reject(new Error('a bug')) }]
  expect((await explore({ ...setting, processes })).breach?.law).toBe('a fails: Error: a bug')
})

test('while time passes a process may not have its answer, and dies when it has lived too long', async () => {
  const processes = [readsTwice('a')]
  const young = await explore({ ...setting, processes, passes: [119_000] })
  const old = await explore({ ...setting, processes, passes: [120_000] })
  // Six points before time passes; after it, from each of them, this many: nothing can come between call and answer then.
  expect(young.histories).toBe(6 + (3 + 3 + 3 + 2 + 2 + 1))
  expect(old.histories).toBe(6 + (3 + 1 + 1 + 1 + 1 + 1))
})
