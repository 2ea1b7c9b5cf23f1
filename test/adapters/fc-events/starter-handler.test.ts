import { describe, expect, it } from 'vitest'
import { createStarterHandler } from '#adapters/fc/starter-handler.ts'
import { sealEvent } from '#core/chat-seal.ts'
import type { RequestId } from '#core/request-id.ts'
import { approve } from '#flow/decide.ts'
import type { StarterDeps } from '#flow/deps.ts'
import { says } from '#support/chatters.ts'
import { unexamined } from '#support/unexamined.ts'
import { accepted, createWorld, INSTANCE, type World } from '#support/world.ts'
import { CONTEXT, readEvent, timer, toBytes } from './fixtures.ts'

function createTestStarter(world: World, deps: StarterDeps = world.starter) {
  const exits: string[] = []
  const wire = () => ({ first: deps, deps: async () => deps })
  const handler = createStarterHandler(wire, unexamined, {
    exit: () => void exits.push(world.runs.rows().at(-1)?.type ?? ''),
  })
  return { handler, exits }
}

async function approved(world: World, key = 'key-1'): Promise<RequestId> {
  const { proposal } = await world.ask({}, { key })
  accepted(await approve(world.gate, proposal.request.id, await world.sign('bob', 'approve', proposal)))
  return proposal.request.id
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Error)) throw new Error('nothing was thrown')
  return error
}

describe('a hint', () => {
  it('starts what is approved', async () => {
    const world = createWorld()
    const id = await approved(world)
    expect(await createTestStarter(world).handler(toBytes({ hint: id }), CONTEXT)).toBe('done')
    expect(world.instances.effective).toHaveLength(1)
    expect((await world.load(id)).standing.state).toBe('running')
  })

  it('fails plainly when the record does', async () => {
    const world = createWorld()
    const id = await approved(world)
    world.calls.plan({ service: 'asks', operation: 'GetRange', fault: { kind: 'unclear', applied: false } })
    const error = await failure(createTestStarter(world).handler(toBytes({ hint: id }), CONTEXT))
    expect(error.stack).toBe(`Error: starting ${id} failed`)
  })
})

describe('the timer `sweep`', () => {
  it('finds what is approved without any hint', async () => {
    const world = createWorld()
    await approved(world)
    expect(await createTestStarter(world).handler(timer({ job: 'sweep' }), CONTEXT)).toBe('done')
    expect(world.instances.effective).toHaveLength(1)
  })

  it('fails with the counts once everybody had a turn', async () => {
    const world = createWorld()
    const [one] = [await approved(world, 'one'), await approved(world, 'two')]
    const stream = (await world.load(one)).asks.digest ?? ''
    world.calls.plan({ service: 'runs', subject: stream, fault: { kind: 'unclear', applied: false } })
    const error = await failure(createTestStarter(world).handler(timer({ job: 'sweep' }), CONTEXT))
    expect(error.stack).toBe('Error: sweep: 1 failed, of 2 requests')
    expect(world.instances.effective).toHaveLength(1)
    expect(world.log.lines.filter(({ event }) => event === 'work.failed')).toMatchObject([
      { facts: { what: 'sweep', request: one, code: 'unclear' } },
    ])
  })
})

describe('a StartInstance that is not let go of', () => {
  it('ends the process instead of an answer, once what is known is recorded', async () => {
    const world = createWorld()
    const id = await approved(world)
    world.instances.planStart(INSTANCE, { answer: { kind: 'unsettled' } })
    const { handler, exits } = createTestStarter(world)
    await failure(handler(toBytes({ hint: id }), CONTEXT))
    expect(exits).toEqual(['unclear'])
  })

  it('ends it from the sweep too', async () => {
    const world = createWorld()
    await approved(world)
    world.instances.planStart(INSTANCE, { answer: { kind: 'unsettled' } })
    const { handler, exits } = createTestStarter(world)
    await failure(handler(timer({ job: 'sweep' }), CONTEXT))
    expect(exits).toEqual(['unclear'])
  })

  it('is the only thing that ends it', async () => {
    const world = createWorld()
    const { handler, exits } = createTestStarter(world)
    await handler(toBytes({ hint: await approved(world) }), CONTEXT)
    expect(exits).toEqual([])
  })
})

describe('the first invocation of an instance', () => {
  it('notes what is deployed, and no other does', async () => {
    const world = createWorld()
    const { handler } = createTestStarter(world)
    await handler(timer({ job: 'sweep' }), CONTEXT)
    await handler(timer({ job: 'sweep' }), CONTEXT)
    expect(world.runs.rows().map(({ stream, type }) => ({ stream, type }))).toEqual([
      { stream: 'starter', type: 'deployed' },
    ])
  })

  it('does not make the work wait for it, and ends when both have ended', async () => {
    const world = createWorld()
    const id = await approved(world)
    const put = world.starter.runs.put
    let isNoted = false
    const runs: StarterDeps['runs'] = {
      ...world.starter.runs,
      async put(row) {
        if (row.type !== 'deployed') return put(row)
        while (world.instances.effective.length === 0) await new Promise(setImmediate)
        isNoted = true
        return put(row)
      },
    }
    expect(await createTestStarter(world, { ...world.starter, runs }).handler(toBytes({ hint: id }), CONTEXT)).toBe(
      'done',
    )
    expect(isNoted).toBe(true)
  })

  it('goes on when it cannot', async () => {
    const world = createWorld()
    const id = await approved(world)
    world.calls.plan({ service: 'runs', operation: 'PutRow', fault: { kind: 'unclear', applied: false } })
    expect(await createTestStarter(world).handler(toBytes({ hint: id }), CONTEXT)).toBe('done')
    expect(world.instances.effective).toHaveLength(1)
    expect(world.log.lines).toContainEqual(expect.objectContaining({ event: 'deployed.failed' }))
  })
})

describe('an unknown event', () => {
  it.each([
    ['HTTP', toBytes(readEvent('get'))],
    ['HTTP of an unknown form', toBytes({ ...readEvent('get'), version: 'v9' })],
    ['a job of the gate', timer({ job: 'tell' })],
    ['an ask', timer({ ask: 'nightly' })],
    ['what was said in a chat', toBytes(sealEvent(createWorld().gate, says('alice', 'list', { at: 0 })))],
    ['anything else', toBytes({ start: 'i-bp1reporting' })],
  ])('such as %s fails and does nothing', async (_, bytes) => {
    const world = createWorld()
    const error = await failure(createTestStarter(world).handler(bytes, CONTEXT))
    expect(error.stack).toBe('Error: the starter does not know this event; nothing was done')
    expect(world.calls.list).toEqual([])
  })
})
