import { describe, expect, it } from 'vitest'
import { decidedSchema } from '#adapters/web/answers.ts'
import type { RequestId } from '#core/request-id.ts'
import type { Person } from '#support/team.ts'
import { createTestGate, expectProblem, sendDecision, type TestGate } from './gate.ts'

const NOBODYS = 'req_00000000000000000000000000000000'

async function signed(gate: TestGate, id: RequestId, person: Person, decision: 'approve' | 'deny', reason?: string) {
  const { proposal } = await gate.world.load(id)
  return { decision, evidence: await gate.world.sign(person, decision, proposal, reason) }
}

describe('POST …/decisions', () => {
  it('records an approval and hints at the starter', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    const answer = await sendDecision(gate, id, await signed(gate, id, 'bob', 'approve'))
    expect(answer.status).toBe(200)
    const body = decidedSchema.parse(await answer.json())
    expect(body).toMatchObject({ id, state: 'ready', head: { asks: { n: 2 } } })
    expect(body.outcome).toBeUndefined()
    expect(gate.world.hints.sent.at(-1)).toEqual({ to: 'starter', request: id })
  })

  it('says that a denial stopped it', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    const answer = await sendDecision(gate, id, await signed(gate, id, 'bob', 'deny', 'Not today'))
    expect(decidedSchema.parse(await answer.json())).toMatchObject({ id, state: 'denied', outcome: 'stopped' })
  })

  it('says that a denial came too late once a start is under way', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    await sendDecision(gate, id, await signed(gate, id, 'bob', 'approve'))
    gate.world.instances.planStart('i-bp1reporting', { answer: { kind: 'no_answer', detail: 'lost' } })
    await gate.world.start(id)
    const answer = await sendDecision(gate, id, await signed(gate, id, 'carol', 'deny', 'Not today'))
    expect(decidedSchema.parse(await answer.json())).toMatchObject({ outcome: 'too_late' })
  })

  it('refuses a denial without a reason', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    await expectProblem(await sendDecision(gate, id, await signed(gate, id, 'bob', 'deny')), 400, 'reason_required')
  })

  it('refuses a token of somebody who may not approve, and says no more than that', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    const answer = await sendDecision(gate, id, await signed(gate, id, 'dave', 'approve'))
    const problem = await expectProblem(answer, 403, 'token_refused')
    expect(JSON.stringify(problem)).not.toContain('not_an_approver')
    expect(gate.world.log.lines).toContainEqual(
      expect.objectContaining({
        event: 'call.token_refused',
        facts: expect.objectContaining({ flaw: 'not_an_approver' }) as unknown,
      }),
    )
  })

  it('refuses an approval that is sent as a denial', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    const { evidence } = await signed(gate, id, 'bob', 'approve')
    await expectProblem(await sendDecision(gate, id, { decision: 'deny', evidence }), 403, 'token_refused')
  })

  it('refuses what is decided already', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    const approval = await signed(gate, id, 'bob', 'approve')
    await sendDecision(gate, id, await signed(gate, id, 'bob', 'deny', 'Not today'))
    await expectProblem(await sendDecision(gate, id, approval), 409, 'already_final')
  })

  it.each([
    ['another kind of evidence', { decision: 'approve', evidence: { kind: 'click', token: 'x' } }],
    ['another decision', { decision: 'maybe', evidence: { kind: 'jws', token: 'x' } }],
    ['an unknown member', { decision: 'approve', evidence: { kind: 'jws', token: 'x' }, approver: 'bob' }],
    ['no evidence', { decision: 'approve' }],
  ])('refuses %s', async (_, body) => {
    const gate = createTestGate()
    await expectProblem(await sendDecision(gate, NOBODYS, body), 400, 'malformed')
    expect(gate.world.calls.list).toEqual([])
  })

  it.each([
    ['an id that nothing has', NOBODYS],
    ['no id at all', 'latest'],
    ['an id with an end', `${NOBODYS}0`],
  ])('refuses %s', async (_, id) => {
    const gate = createTestGate()
    const body = { decision: 'approve', evidence: { kind: 'jws', token: 'a.b.c' } }
    await expectProblem(await sendDecision(gate, id, body), 404, 'no_such_request')
  })
})

describe('POST …/cancel', () => {
  const cancel = (gate: TestGate, id: string, by: 'alice' | 'bob' | 'dave', body: object = { reason: 'Not needed' }) =>
    gate.call({ method: 'POST', path: `/v1/start-requests/${id}/cancel`, body, by })

  it('lets the requester take a request back', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    const answer = await cancel(gate, id, 'alice')
    expect(answer.status).toBe(200)
    expect(decidedSchema.parse(await answer.json())).toMatchObject({ state: 'cancelled', outcome: 'stopped' })
  })

  it('lets whoever the rule names do so, without a reason', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    expect((await cancel(gate, id, 'dave', {})).status).toBe(200)
  })

  it('refuses an approver, who can deny', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    await expectProblem(await cancel(gate, id, 'bob'), 403, 'may_not_cancel')
  })

  it('refuses an unknown member', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    await expectProblem(await cancel(gate, id, 'alice', { by: 'bob' }), 400, 'malformed')
  })

  it('finds no request under what is no id', async () => {
    await expectProblem(await cancel(createTestGate(), 'latest', 'alice'), 404, 'no_such_request')
  })
})
