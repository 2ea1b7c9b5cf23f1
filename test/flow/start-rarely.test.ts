// Starts that meet somebody or something on their way: what the starter puts then, and what it leaves alone.
import { describe, expect, test } from 'vitest'
import { DURATIONS, MINUTE } from '#core/durations.ts'
import { createRow, headOf } from '#core/row.ts'
import { deny } from '#flow/decide.ts'
import type { StartAnswer } from '#ports/instances.ts'
import { ready, stateOf, typesOf } from '#support/ready.ts'
import type { MemoryCall } from '#support/memory/calls.ts'
import { INSTANCE, type World } from '#support/world.ts'

const OWNER_IS_GONE = DURATIONS.functionTimeout + DURATIONS.ownerGone

/** Ready, and before the call that `is` picks something else happens, once. */
async function meeting(is: (call: MemoryCall, seen: number) => boolean, wish = {}) {
  let run: (() => Promise<unknown>) | undefined
  let seen = 0
  const given = await ready(
    {
      gateway: async (call) => {
        if (run === undefined || !is(call, (seen += 1))) return
        const met = run
        run = undefined
        await met()
      },
    },
    wish,
  )
  const token = await given.world.sign('carol', 'deny', given.proposal, 'not today')
  return {
    ...given,
    deny: () => deny(given.world.gate, given.id, token),
    before: (what: () => Promise<unknown>) => {
      seen = 0
      run = what
    },
  }
}

/** asks, runs, the look, `attempted`, and then this. */
const readingAgain = ({ service, operation }: MemoryCall, seen: number): boolean =>
  service === 'asks' && operation === 'GetRange' && seen > 1

const lastOf = (world: World): unknown => {
  const { type, body } = world.runs.rows().at(-1) ?? expect.fail()
  return { type, body }
}

describe('what a starter leaves alone', () => {
  test('is a request that is not there: one reading', async () => {
    const { world } = await ready()
    expect(await world.start('req_00000000000000000000000000000000')).toBe('done')
    expect(world.calls.list).toHaveLength(1)
  })

  test('is a book in which a newer starter wrote', async () => {
    const { world, id } = await ready()
    const { digest } = (await world.load(id)).asks
    const content = { book: 'runs', id: '0'.repeat(32), type: 'prepared', at: 1, body: {} } as const
    const actor = { function: 'starter' } as const
    await world.runs.put(createRow({ ...content, stream: digest ?? '', actor }, { n: 0, hash: '' }))
    world.calls.forget()
    expect(await world.start(id)).toBe('done')
    expect(world.calls.list).toHaveLength(2)
  })

  test('is what is over', async () => {
    const { world, id } = await ready()
    await world.start(id)
    world.calls.forget()
    expect(await world.start(id)).toBe('done')
    expect(world.calls.list).toHaveLength(2)
  })

  test('is what was stopped: nothing is put', async () => {
    const given = await meeting(() => false)
    await given.deny()
    expect(await given.world.start(given.id)).toBe('done')
    expect(given.world.runs.rows()).toEqual([])
  })

  test('is an attempt whose owner may still be at it, to the millisecond', async () => {
    const given = await meeting(readingAgain)
    const { world, id } = given
    // The starter dies, and only `attempted` can be read.
    const killed = new Error('killed')
    given.before(async () => {
      world.calls.plan({ service: 'runs', operation: 'PutRow', fault: { kind: 'unclear', applied: false } })
      throw killed
    })
    await expect(world.start(id)).rejects.toThrow()
    world.instances.change(INSTANCE, { status: 'Running' })
    const [attempted] = world.runs.rows()
    await world.clock.advance((attempted?.at ?? 0) + OWNER_IS_GONE - 1 - world.clock.now())
    expect(await world.start(id)).toBe('done')
    expect(typesOf(world)).toEqual(['attempted'])
    await world.clock.advance(1)
    expect(await world.start(id)).toBe('done')
    expect(lastOf(world)).toEqual({
      type: 'running',
      body: { inferred: true, status: 'Running', next: { do: 'none' } },
    })
  })
})

describe('a starter that stands down', () => {
  test('for a no that it finds when it reads again', async () => {
    const given = await meeting(readingAgain)
    given.before(async () => {
      await given.deny()
      given.world.hints.sent.length = 0
    })
    expect(await given.world.start(given.id)).toBe('done')
    expect(lastOf(given.world)).toEqual({ type: 'stood_down', body: { why: 'stopped', next: { do: 'none' } } })
    expect(given.world.hints.sent).toEqual([{ to: 'gate', request: given.id }])
    expect(given.world.instances.effective).toEqual([])
    expect(await stateOf(given.world, given.id)).toBe('denied')
  })

  test('for a row of a newer gate, and tries again a little later', async () => {
    const given = await meeting(readingAgain)
    const { world, id } = given
    given.before(async () => {
      const rows = world.asks.stream(id)
      const newer = { ...(rows[0] ?? expect.fail()), id: '1'.repeat(32), type: 'postponed', body: {} }
      world.asks.overwrite(createRow(newer, headOf(rows)))
    })
    await world.start(id)
    const at = world.clock.now() + DURATIONS.againSoon
    expect(lastOf(world)).toEqual({ type: 'stood_down', body: { why: 'unreadable', next: { do: 'again', at } } })
  })

  test.each([
    [0, 'running'],
    [1, 'stood_down'],
  ])('when it took %i ms longer than it may: %s', async (longer, type) => {
    const given = await meeting(readingAgain)
    const { world, id } = given
    given.before(async () => world.clock.advance(DURATIONS.attemptedToCall + longer))
    await world.start(id)
    expect(lastOf(world)).toMatchObject({ type, body: longer === 0 ? {} : { why: 'too_slow', next: { do: 'again' } } })
    await world.clock.advance(MINUTE)
    await world.start(id)
    expect(await stateOf(world, id)).toBe('running')
    expect(world.instances.effective).toHaveLength(1)
  })

  test('for a no that came while `attempted` was put by one who died then', async () => {
    const given = await meeting(({ service, operation }) => service === 'runs' && operation === 'PutRow')
    const { world, id } = given
    given.before(async () => {
      expect(await given.deny()).toMatchObject({ outcome: 'stopped' })
      // Neither can it read again, nor say that it stood down.
      const fault = { kind: 'unclear', applied: false } as const
      world.calls.plan({ service: 'asks', operation: 'GetRange', fault })
      world.calls.plan({ service: 'runs', operation: 'PutRow', skip: 1, fault })
    })
    await expect(world.start(id)).rejects.toThrow()
    expect(typesOf(world)).toEqual(['attempted'])
    world.instances.change(INSTANCE, { status: 'Running' })
    await world.clock.advance(OWNER_IS_GONE)
    expect(await world.start(id)).toBe('done')
    expect(typesOf(world)).toEqual(['attempted', 'stood_down'])
    expect(lastOf(world)).toEqual({ type: 'stood_down', body: { why: 'stopped', next: { do: 'none' } } })
    expect(await stateOf(world, id)).toBe('denied')
  })

  test('for a no that came while its ending waited to be confirmed', async () => {
    const given = await meeting(readingAgain)
    const { world, id } = given
    world.instances.change(INSTANCE, { status: 'Running' })
    given.before(async () => {
      await given.deny()
      world.hints.sent.length = 0
    })
    expect(await world.start(id)).toBe('done')
    expect(typesOf(world)).toEqual(['satisfied', 'stood_down'])
    expect(lastOf(world)).toEqual({ type: 'stood_down', body: { why: 'stopped', next: { do: 'none' } } })
    expect(world.hints.sent).toEqual([{ to: 'gate', request: id }])
    expect(await stateOf(world, id)).toBe('denied')
  })
})

describe('what a starter puts', () => {
  const answered = (code: string, more: object = {}): StartAnswer => ({
    kind: 'answered',
    answer: { code, status: 400, ...more },
  })

  test.each<[string, StartAnswer, object, object]>([
    [
      'for no answer',
      { kind: 'no_answer', detail: 'ECONNRESET' },
      {},
      { type: 'unclear', body: { answer: { code: 'NoAnswer', detail: 'ECONNRESET' }, next: { do: 'look' } } },
    ],
    [
      'for a call that does not settle',
      { kind: 'unsettled' },
      {},
      {
        type: 'unclear',
        body: { answer: { code: 'NoAnswer', detail: 'no answer before the deadline' }, next: { do: 'look' } },
      },
    ],
    [
      'for a dry run that passed',
      answered('DryRunOperation', { requestId: 'R' }),
      { dryRun: true },
      { type: 'accepted', body: { requestId: 'R', next: { do: 'none' } } },
    ],
    [
      'for a dry run that passed, and did not say which',
      answered('DryRunOperation'),
      { dryRun: true },
      { type: 'accepted', body: { requestId: '', next: { do: 'none' } } },
    ],
    [
      'for the answer to a dry run where there was none: nothing was started',
      answered('DryRunOperation'),
      {},
      { type: 'refused', body: { answer: { code: 'DryRunOperation', status: 400 }, next: { do: 'none' } } },
    ],
  ])('%s', async (_what, answer, wish, row) => {
    const { world, id } = await ready({}, wish)
    world.instances.planStart(INSTANCE, { answer })
    await world.start(id)
    expect(lastOf(world)).toEqual(row)
  })

  test('is in the log when it could not be put, as the process ends', async () => {
    const { world, id } = await ready()
    const { digest } = (await world.load(id)).asks
    world.instances.planStart(INSTANCE, { answer: { kind: 'unsettled' } })
    world.calls.plan({ service: 'runs', operation: 'PutRow', skip: 1, fault: { kind: 'unclear', applied: false } })
    expect(await world.start(id)).toBe('unsettled')
    expect(world.log.lines.at(-1)).toEqual({
      level: 'error',
      event: 'run.unclear.failed',
      facts: { request: id, digest, error: expect.any(Error) },
    })
  })

  test('is told to the gate: each answer and each end, once', async () => {
    const { world, id } = await ready()
    await Promise.all([world.start(id), world.start(id)])
    expect(world.hints.sent).toEqual(Array(2).fill({ to: 'gate', request: id }))
  })

  test('is told to the gate when nothing was attempted too', async () => {
    const { world, id } = await ready()
    world.instances.remove(INSTANCE)
    expect(await world.start(id)).toBe('done')
    expect(world.hints.sent).toEqual([{ to: 'gate', request: id }])
  })

  test('that it fell back, only after a second look', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, {}, { boot: 'falls_back' })
    await world.start(id)
    await world.clock.advance(DURATIONS.stillStopped)
    world.calls.forget()
    await world.sweep()
    expect(lastOf(world)).toMatchObject({ type: 'failed', body: { answer: { code: 'FellBack' } } })
    expect(world.calls.counts()['ecs DescribeInstances']).toBe(2)
  })

  test('two that follow one start end it once, and tell it once', async () => {
    const { world, id } = await ready()
    world.instances.change(INSTANCE, {}, { boot: 'hangs' })
    await world.start(id)
    world.instances.change(INSTANCE, { status: 'Running' })
    world.hints.sent.length = 0
    await Promise.all([world.sweep(), world.sweep()])
    expect(typesOf(world)).toEqual(['attempted', 'accepted', 'running'])
    expect(world.hints.sent).toEqual([{ to: 'gate', request: id }])
  })
})
