import { afterEach, describe, expect, it, vi } from 'vitest'
import { createGateHandler } from '#adapters/fc/gate-handler.ts'
import type { Asked, Examine } from '#adapters/fc/open.ts'
import { createStarterHandler } from '#adapters/fc/starter-handler.ts'
import { wired } from '#support/wired.ts'
import { createWorld } from '#support/world.ts'
import { CONTEXT, timer, toBytes, watchConsole } from './fixtures.ts'

afterEach(() => vi.restoreAllMocks())

const ASK = toBytes({ doctor: { instances: ['i-bp1reporting'] } })

const never = (): never => {
  throw new Error('a secret is missing')
}

const FUNCTIONS = {
  gate: {
    job: { job: 'tell' },
    create: (examine: Examine) => {
      const { gate: deps } = createWorld()
      return createGateHandler(() => ({ ...wired(deps), fetch: never }), examine)
    },
    createBroken: (examine: Examine) => createGateHandler(never, examine),
  },
  starter: {
    job: { job: 'sweep' },
    create: (examine: Examine) => {
      const { starter } = createWorld()
      return createStarterHandler(() => ({ first: starter, deps: never }), examine)
    },
    createBroken: (examine: Examine) => createStarterHandler(never, examine),
  },
} as const

describe.each(['gate', 'starter'] as const)('the %s', (role) => {
  const { job, create, createBroken } = FUNCTIONS[role]

  it('tells startgate doctor about itself, also where it cannot be wired', async () => {
    const asked: Asked[] = []
    const handler = createBroken((each) => {
      asked.push(each)
      return Promise.resolve({ problems: ['a secret is missing'] })
    })
    expect(await handler(ASK, CONTEXT)).toEqual({ problems: ['a secret is missing'] })
    expect(asked).toMatchObject([
      { invocation: { requestId: CONTEXT.requestId }, instances: ['i-bp1reporting'], lastTimer: undefined },
    ])
  })

  it('knows when its timer called it', async () => {
    const handler = create(({ lastTimer }) => Promise.resolve({ lastTimer }))
    const before = Date.now()
    await handler(timer(job), CONTEXT)
    const { lastTimer } = (await handler(ASK, CONTEXT)) as { readonly lastTimer: number }
    expect(lastTimer).toBeGreaterThanOrEqual(before)
  })

  it('does nothing when somebody knocks', async () => {
    expect(await createBroken(never)(toBytes({ doctor: 'knock' }), CONTEXT)).toBe('done')
  })

  it('fails plainly when it cannot examine itself', async () => {
    const lines = watchConsole()
    const failed = createBroken(() => Promise.reject(new Error('of the inside')))(ASK, CONTEXT)
    await expect(failed).rejects.toThrow('the function could not examine itself; its log says why')
    expect(lines).toEqual([expect.stringContaining('of the inside')])
  })
})
