import { describe, expect, test } from 'vitest'
import { toFaultProblem, toProblem } from '#core/problem.ts'
import { isRefused, refuse, type Refusal, type TokenFlaw } from '#core/refusal.ts'
import { REFUSALS } from './language/everything.ts'

const STATUSES: Readonly<Record<Refusal['reason'], number>> = {
  unauthenticated: 401,
  malformed: 400,
  too_large: 413,
  key_reused: 409,
  not_available: 404,
  already_running: 409,
  locked: 409,
  instance_expired: 409,
  may_not_wipe: 403,
  no_approver: 403,
  closed: 409,
  not_before_out_of_range: 400,
  may_not_act_for: 403,
  no_such_request: 404,
  token_refused: 403,
  reason_required: 400,
  already_final: 409,
  expiring: 409,
  may_not_cancel: 403,
  may_not_read: 403,
  full: 409,
  unreadable: 409,
  not_found: 404,
  method_not_allowed: 405,
}
const EACH: readonly Refusal[] = Object.values(REFUSALS).flat()
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
  test.each(EACH)('%o has its status, a name for programs and a sentence for people', (refusal) => {
    const problem = toProblem(refusal)

    expect(problem).toMatchObject({ type: `urn:startgate:${refusal.reason}`, status: STATUSES[refusal.reason] })
    expect(problem.title).toMatch(/^\w[\w ]+$/)
    expect(problem.detail).toMatch(/^\w.{15,}\.$/)
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
    expect(EACH.filter((refusal) => 'errors' in toProblem(refusal))).toHaveLength(1)
  })

  test.each<[Refusal, string]>([
    [{ reason: 'too_large', limit: 16_384 }, '16384 bytes'],
    [{ reason: 'not_available', instanceId: 'i-bp67', regionId: 'cn-hangzhou' }, 'i-bp67 in cn-hangzhou'],
    [{ reason: 'already_running', instanceId: 'i-bp67', status: 'Starting' }, 'i-bp67 is Starting'],
    [{ reason: 'locked', instanceId: 'i-bp67', lock: 'security' }, 'i-bp67 is locked (security)'],
    [{ reason: 'instance_expired', instanceId: 'i-bp67' }, 'i-bp67 has expired'],
    [{ reason: 'may_not_wipe', rule: 'workers' }, 'Rule workers'],
    [{ reason: 'no_approver', rule: 'workers' }, 'rule workers'],
    [{ reason: 'closed', rule: 'workers', opensAt: 0 }, 'notBefore 1970-01-01T00:00:00.000Z or later'],
    [{ reason: 'closed', rule: 'workers', opensAt: undefined }, 'No hour is open within 7 days; ask again later.'],
    [{ reason: 'may_not_act_for', principal: 'bob' }, 'bob is not'],
    [{ reason: 'already_final', state: 'denied' }, 'This request is denied'],
  ])('%o is said with its facts', (refusal, part) => {
    expect(toProblem(refusal).detail).toContain(part)
  })
})

describe('toFaultProblem', () => {
  test.each([
    ['unavailable', 503],
    ['fault', 500],
  ] as const)('%s: %i, and the call under which the log has it', (kind, status) => {
    const problem = toFaultProblem(kind, 'call-7', 'en')

    expect(problem).toMatchObject({ type: `urn:startgate:${kind}`, status })
    expect(problem.detail).toMatch(/eport call call-7\b/)
  })
})

describe('refuse', () => {
  test('a refusal is told from a result', () => {
    expect(isRefused(refuse({ reason: 'full' }))).toBe(true)
    expect(refuse({ reason: 'full' })).toEqual({ refusal: { reason: 'full' } })
    expect(isRefused({ outcome: 'stopped' })).toBe(false)
  })
})
