// What each kind of answer to StartInstance leads to, and that nothing is sent twice on an answer that proves nothing.
import { describe, expect, test } from 'vitest'
import { MINUTE, SECOND } from '#core/durations.ts'
import { approve } from '#flow/decide.ts'
import type { StartAnswer } from '#ports/instances.ts'
import { createWorld, INSTANCE, type World } from '#support/world.ts'

async function started(plan: StartAnswer, applied = false, wish = {}) {
  const world = createWorld()
  const { proposal } = await world.ask(wish)
  const id = proposal.request.id
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  world.instances.planStart(INSTANCE, { answer: plan, applied })
  const outcome = await world.start(id)
  return { world, id, outcome }
}

const sent = (world: World): number => world.calls.counts()['ecs StartInstance'] ?? 0

/** Sweeps once a minute. */
async function sweepFor(world: World, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.clock.advance(MINUTE)
    await world.sweep()
  }
}

const refused = (code: string, status: number): StartAnswer => ({
  kind: 'answered',
  answer: { code, status, requestId: 'R' },
})

describe('an answer that proves nothing happened', () => {
  test('is tried again after its pause, with everything checked anew', async () => {
    const { world, id } = await started(refused('Throttling.User', 400))
    expect((await world.load(id)).standing.state).toBe('waiting')
    await world.clock.advance(MINUTE - 1)
    await world.sweep()
    expect(sent(world)).toBe(1)
    await world.clock.advance(1)
    await world.sweep()
    expect(world.instances.effective).toHaveLength(1)
    await sweepFor(world, 1)
    expect((await world.load(id)).standing.state).toBe('running')
  })

  test('waits as long as ECS asks, when that is longer', async () => {
    const { world } = await started({ ...refused('Throttling', 400), retryAfter: 3 * MINUTE } as StartAnswer)
    await sweepFor(world, 2)
    expect(sent(world)).toBe(1)
    await sweepFor(world, 1)
    expect(sent(world)).toBe(2)
  })

  test('is tried no more often than the rule allows', async () => {
    const { world, id } = await started({ kind: 'not_sent', detail: 'ECONNREFUSED' })
    for (const _ of [2, 3, 4])
      world.instances.planStart(INSTANCE, { answer: { kind: 'not_sent', detail: 'ECONNREFUSED' } })
    await sweepFor(world, 10)
    expect(sent(world)).toBe(3)
    expect((await world.load(id)).standing).toMatchObject({ state: 'failed', final: true })
  })

  test('is not tried again after the request expired', async () => {
    const { world, id } = await started(refused('OperationDenied.NoStock', 403))
    await world.clock.advance(30 * MINUTE)
    await world.sweep()
    expect(sent(world)).toBe(1)
    await world.clock.advance(5 * MINUTE)
    expect((await world.load(id)).standing).toMatchObject({ state: 'expired', final: true })
  })

  test('that is final ends the request at once', async () => {
    const { world, id } = await started(refused('InsufficientBalance', 403))
    await sweepFor(world, 5)
    expect(sent(world)).toBe(1)
    expect((await world.load(id)).standing).toMatchObject({ state: 'failed', final: true })
  })
})

describe('an unclear answer', () => {
  const unclear: readonly (readonly [string, StartAnswer])[] = [
    ['a timeout', { kind: 'no_answer', detail: 'RequestTimeoutError' }],
    ['a 500', refused('InternalError', 500)],
    ['an unknown 5xx', refused('Whatever', 599)],
    ['a nonce that was used', refused('SignatureNonceUsed', 400)],
  ]

  test.each(unclear)('%s that was applied: found running, never sent again', async (_what, answer) => {
    const { world, id } = await started(answer, true)
    await sweepFor(world, 6)
    expect(sent(world)).toBe(1)
    expect((await world.load(id)).runs.last).toMatchObject({ type: 'running', body: { inferred: true } })
  })

  test.each(unclear)('%s that was not applied: stuck after three minutes, never sent again', async (_what, answer) => {
    const { world, id } = await started(answer)
    await sweepFor(world, 2)
    expect((await world.load(id)).standing.state).toBe('starting')
    await sweepFor(world, 2)
    expect(sent(world)).toBe(1)
    expect((await world.load(id)).standing).toMatchObject({ state: 'stuck', final: true })
  })

  test('a call that never settles makes the process end, after the row was put', async () => {
    const { world, id, outcome } = await started({ kind: 'unsettled' })
    expect(outcome).toBe('unsettled')
    expect((await world.load(id)).runs.last).toMatchObject({ type: 'unclear' })
  })

  test('a call that never settles makes the process end, also when the row cannot be put', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    const id = proposal.request.id
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    world.instances.planStart(INSTANCE, { answer: { kind: 'unsettled' }, applied: true })
    world.calls.plan({ service: 'runs', operation: 'PutRow', skip: 1, fault: { kind: 'unclear', applied: false } })
    expect(await world.start(id)).toBe('unsettled')
    await sweepFor(world, 7)
    expect((await world.load(id)).runs.last).toMatchObject({ type: 'running', body: { inferred: true } })
  })

  test('to a dry run says nothing about the instance: it failed, and nothing was started', async () => {
    const { world, id } = await started({ kind: 'no_answer', detail: 'ECONNRESET' }, false, { dryRun: true })
    world.instances.change(INSTANCE, { status: 'Running' })
    await sweepFor(world, 1)
    expect((await world.load(id)).runs.last).toMatchObject({
      type: 'refused',
      body: { answer: { code: 'DryRunUnclear' } },
    })
  })
})

describe('an accepted start', () => {
  async function accepted(boot: 'falls_back' | 'hangs' | 'runs', startingMs = 30 * SECOND) {
    const world = createWorld()
    world.instances.change(INSTANCE, {}, { boot, startingMs })
    const { proposal } = await world.ask()
    const id = proposal.request.id
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    await world.start(id)
    return { world, id }
  }

  test('that falls back to Stopped has failed, after two looks', async () => {
    const { world, id } = await accepted('falls_back')
    await sweepFor(world, 2)
    expect((await world.load(id)).standing.state).toBe('starting')
    await sweepFor(world, 2)
    expect((await world.load(id)).runs.last).toMatchObject({ type: 'failed', body: { answer: { code: 'FellBack' } } })
  })

  test('that takes ten minutes is followed to the end', async () => {
    const { world, id } = await accepted('runs', 10 * MINUTE)
    await sweepFor(world, 11)
    expect((await world.load(id)).runs.last).toMatchObject({ type: 'running', body: { inferred: false } })
  })

  test('that never runs is stuck after thirty minutes', async () => {
    const { world, id } = await accepted('hangs')
    await sweepFor(world, 28)
    expect((await world.load(id)).standing.state).toBe('starting')
    await sweepFor(world, 3)
    expect((await world.load(id)).runs.last).toMatchObject({ type: 'stuck', body: { answer: { code: 'NotSeen' } } })
  })

  test('a later look in a new invocation makes four calls at most', async () => {
    const { world } = await accepted('hangs')
    world.instances.change(INSTANCE, { status: 'Running' })
    world.calls.forget()
    await world.sweep()
    expect(world.calls.list.map(({ service, operation }) => `${service} ${operation}`)).toEqual([
      'open GetRange',
      'runs GetRange',
      'ecs DescribeInstances',
      'runs PutRow',
      'fc InvokeFunction',
    ])
  })
})

describe('a second reading of asks that fails', () => {
  test('is known to have sent nothing: it stands down, says what failed, and is tried again', async () => {
    const world = createWorld()
    const { proposal } = await world.ask()
    const id = proposal.request.id
    await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
    world.calls.plan({ service: 'asks', operation: 'GetRange', skip: 1, fault: { kind: 'unclear', applied: false } })

    await expect(world.start(id)).rejects.toMatchObject({ code: 'unclear' })

    const { runs } = await world.load(id)
    expect(runs.last).toMatchObject({ type: 'stood_down', body: { why: 'unreadable', next: { do: 'again' } } })
    expect(sent(world)).toBe(0)
    await sweepFor(world, 3)
    expect((await world.load(id)).standing.state).toBe('running')
    expect(sent(world)).toBe(1)
  })
})
