import { describe, expect, test } from 'vitest'
import { toProblem } from '#core/problem.ts'
import { isRefused, refuse, type Refusal, type TokenFlaw } from '#core/refusal.ts'

const REFUSALS: readonly (readonly [Refusal, number])[] = [
  [{ reason: 'unauthenticated', flaw: 'signature' }, 401],
  [{ reason: 'malformed', problems: [{ path: 'reason', message: 'too long' }] }, 400],
  [{ reason: 'too_large', limit: 16_384 }, 413],
  [{ reason: 'key_reused' }, 409],
  [{ reason: 'not_available', instanceId: 'i-bp67', regionId: 'cn-hangzhou' }, 404],
  [{ reason: 'already_running', instanceId: 'i-bp67', status: 'Starting' }, 409],
  [{ reason: 'locked', instanceId: 'i-bp67', lock: 'security' }, 409],
  [{ reason: 'instance_expired', instanceId: 'i-bp67' }, 409],
  [{ reason: 'may_not_wipe', rule: 'workers' }, 403],
  [{ reason: 'no_approver', rule: 'workers' }, 403],
  [{ reason: 'not_before_out_of_range' }, 400],
  [{ reason: 'may_not_act_for', principal: 'bob' }, 403],
  [{ reason: 'no_such_request' }, 404],
  [{ reason: 'token_refused', flaw: 'signature' }, 403],
  [{ reason: 'reason_required' }, 400],
  [{ reason: 'already_final', state: 'denied' }, 409],
  [{ reason: 'expiring' }, 409],
  [{ reason: 'may_not_cancel' }, 403],
  [{ reason: 'may_not_read' }, 403],
  [{ reason: 'full' }, 409],
  [{ reason: 'unreadable' }, 409],
  [{ reason: 'not_found' }, 404],
  [{ reason: 'method_not_allowed' }, 405],
]
/** A table of all flaws, so that a new one does not compile until it is here. */
const FLAWS: Readonly<Record<TokenFlaw, true>> = {
  malformed: true,
  not_canonical: true,
  not_touched: true,
  another_origin: true,
  not_verified: true,
  header: true,
  unknown_key: true,
  algorithm: true,
  signature: true,
  statement: true,
  another_decision: true,
  another_audience: true,
  another_proposal: true,
  another_text: true,
  not_the_approver_of_the_key: true,
  not_an_approver: true,
  is_the_requester: true,
  key_not_valid_then: true,
  signed_too_early: true,
  signed_in_the_future: true,
}

describe('toProblem', () => {
  test.each(REFUSALS)('%o has status %i, a name for programs and a sentence for people', (refusal, status) => {
    const problem = toProblem(refusal)

    expect(problem).toMatchObject({ type: `urn:startgate:${refusal.reason}`, status })
    expect(problem.title).toMatch(/^\w[\w ]+$/)
    expect(problem.detail).toMatch(/^\w.{15,}\.$/)
  })

  test('every reason is in the table above, once', () => {
    const reasons = REFUSALS.map(([{ reason }]) => reason)
    const every: Readonly<Record<Refusal['reason'], number>> = Object.fromEntries(
      REFUSALS.map(([{ reason }, status]) => [reason, status]),
    ) as Record<Refusal['reason'], number>

    expect(reasons).toHaveLength(Object.keys(every).length)
  })

  test('whatever is wrong with a token, the outside reads the same bytes', () => {
    const answers = Object.keys(FLAWS).map((flaw) =>
      JSON.stringify(toProblem({ reason: 'token_refused', flaw: flaw as TokenFlaw })),
    )

    expect(new Set(answers).size).toBe(1)
  })

  test('whatever is wrong with a caller’s signature, the outside reads the same bytes', () => {
    const answers = ['', 'expired', 'unknown key', 'kid rk_secret'].map((flaw) =>
      JSON.stringify(toProblem({ reason: 'unauthenticated', flaw })),
    )

    expect(new Set(answers).size).toBe(1)
  })

  test('only a malformed request is told its errors, one by one', () => {
    const problems = [{ path: 'reason', message: 'too long' }]

    expect(toProblem({ reason: 'malformed', problems }).errors).toEqual(problems)
    expect(REFUSALS.filter(([refusal]) => 'errors' in toProblem(refusal))).toHaveLength(1)
  })

  test.each<[Refusal, string]>([
    [{ reason: 'too_large', limit: 16_384 }, '16384 bytes'],
    [{ reason: 'not_available', instanceId: 'i-bp67', regionId: 'cn-hangzhou' }, 'i-bp67 in cn-hangzhou'],
    [{ reason: 'already_running', instanceId: 'i-bp67', status: 'Starting' }, 'i-bp67 is Starting'],
    [{ reason: 'locked', instanceId: 'i-bp67', lock: 'security' }, 'i-bp67 is locked (security)'],
    [{ reason: 'instance_expired', instanceId: 'i-bp67' }, 'i-bp67 has expired'],
    [{ reason: 'may_not_wipe', rule: 'workers' }, 'Rule workers'],
    [{ reason: 'no_approver', rule: 'workers' }, 'rule workers'],
    [{ reason: 'may_not_act_for', principal: 'bob' }, 'bob is not'],
    [{ reason: 'already_final', state: 'denied' }, 'This request is denied'],
  ])('%o is said with its facts', (refusal, part) => {
    expect(toProblem(refusal).detail).toContain(part)
  })
})

describe('refuse', () => {
  test('a refusal is told from a result', () => {
    expect(isRefused(refuse({ reason: 'full' }))).toBe(true)
    expect(refuse({ reason: 'full' })).toEqual({ refusal: { reason: 'full' } })
    expect(isRefused({ outcome: 'stopped' })).toBe(false)
  })
})
