// The one mapping from refusals to problem details (RFC 9457). It decides what the outside may learn.
import type { Language } from './language/language.ts'
import { PROBLEM_WORDS } from './language/problem-tables.ts'
import type { ProblemWords } from './language/problem-words.ts'
import type { Refusal } from './refusal.ts'

export interface Problem {
  /** `urn:startgate:<reason>`: stable, for programs. */
  readonly type: string
  readonly title: string
  readonly status: number
  /** What is wrong and what to do next, for people. */
  readonly detail: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

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

/** What is wrong with each member of a malformed call stays in the parser's English. */
export function toProblem(refusal: Refusal, language: Language = 'en'): Problem {
  const { reason } = refusal
  return {
    type: `urn:startgate:${reason}`,
    status: STATUSES[reason],
    ...sayRefusal(PROBLEM_WORDS[language].problems, reason, refusal),
    ...(reason === 'malformed' ? { errors: refusal.problems } : {}),
  }
}

type ByReason = { readonly [Reason in Refusal['reason']]: Extract<Refusal, { readonly reason: Reason }> }

function sayRefusal<Reason extends Refusal['reason']>(
  problems: ProblemWords['problems'],
  reason: Reason,
  refusal: ByReason[Reason],
): Pick<Problem, 'title' | 'detail'> {
  const { title, detail } = problems[reason]
  return { title, detail: detail(refusal) }
}

/** `unavailable`: the same call may go through a little later. `call`: under which the log has what is wrong. */
export function toFaultProblem(kind: 'unavailable' | 'fault', call: string, language: Language): Problem {
  const { title, detail } = PROBLEM_WORDS[language].faults[kind]
  return { type: `urn:startgate:${kind}`, title, status: kind === 'fault' ? 500 : 503, detail: detail(call) }
}
