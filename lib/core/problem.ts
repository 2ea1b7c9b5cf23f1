// The one mapping from refusals to problem details (RFC 9457). It decides what the outside may learn.
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

export function toProblem(refusal: Refusal): Problem {
  const problem = describe(refusal)
  return { type: `urn:startgate:${refusal.reason}`, ...problem }
}

function describe(refusal: Refusal): Omit<Problem, 'type'> {
  switch (refusal.reason) {
    case 'unauthenticated':
      return {
        status: 401,
        title: 'Not authenticated',
        detail:
          'The signature of this call is missing or not accepted. Check the key, the clock and the signed method, path and body.',
      }
    case 'malformed':
      return {
        status: 400,
        title: 'Malformed',
        detail: sayMalformed(refusal.problems),
        errors: refusal.problems,
      }
    case 'too_large':
      return { status: 413, title: 'Too large', detail: `A body may have at most ${refusal.limit} bytes.` }
    case 'key_reused':
      return {
        status: 409,
        title: 'Idempotency key reused',
        detail: 'This Idempotency-Key was used for another ask. Use a new key for a new ask.',
      }
    case 'not_available':
      return {
        status: 404,
        title: 'Not available',
        detail: `There is no instance ${refusal.instanceId} in ${refusal.regionId} that a rule lets you start. Check the id and region, or ask who keeps the policy.`,
      }
    case 'already_running':
      return {
        status: 409,
        title: 'Already running',
        detail: `${refusal.instanceId} is ${refusal.status}; there is nothing to start.`,
      }
    case 'locked':
      return {
        status: 409,
        title: 'Locked',
        detail: `${refusal.instanceId} is locked (${refusal.lock}) and cannot be started. See its events in the ECS console.`,
      }
    case 'instance_expired':
      return {
        status: 409,
        title: 'Instance expired',
        detail: `${refusal.instanceId} has expired. Renew it first, then ask again.`,
      }
    case 'may_not_wipe':
      return {
        status: 403,
        title: 'Local disks may not be wiped',
        detail: `Rule ${refusal.rule} does not allow initLocalDisk. Ask without it, or have the rule changed.`,
      }
    case 'no_approver':
      return {
        status: 403,
        title: 'Nobody could approve',
        detail: `Under rule ${refusal.rule} too few people besides the requester may approve this. Have an approver added to the rule.`,
      }
    case 'closed':
      return {
        status: 409,
        title: 'Closed',
        detail: `Rule ${refusal.rule} allows no start before this request would expire. ${refusal.opensAt === undefined ? 'Ask again when it does.' : `Ask with notBefore ${new Date(refusal.opensAt).toISOString()} or later.`}`,
      }
    case 'not_before_out_of_range':
      return {
        status: 400,
        title: 'notBefore out of range',
        detail: 'notBefore must lie in the future, at most 7 days ahead.',
      }
    case 'may_not_act_for':
      return {
        status: 403,
        title: 'May not act for others',
        detail: `Only a machine may ask on behalf of somebody, and only of a person in the policy; ${refusal.principal} is not.`,
      }
    case 'no_such_request':
      return { status: 404, title: 'No such request', detail: 'There is no start request with this id.' }
    case 'token_refused':
      return {
        status: 403,
        title: 'Token not accepted',
        detail:
          'This token is not accepted for this request. Fetch the request again and sign what it shows with a key of an approver.',
      }
    case 'reason_required':
      return { status: 400, title: 'Reason required', detail: 'A denial needs a reason: people will want to know why.' }
    case 'already_final':
      return {
        status: 409,
        title: 'Already final',
        detail: `This request is ${refusal.state}; nothing can change it any more. Make a new request if needed.`,
      }
    case 'expiring':
      return {
        status: 409,
        title: 'Expired',
        detail: 'The time for deciding this request is over. Make a new request if it is still needed.',
      }
    case 'may_not_cancel':
      return {
        status: 403,
        title: 'May not cancel',
        detail:
          'Only the requester, the person behind it, or somebody the rule names may cancel this request. An approver can deny it.',
      }
    case 'may_not_read':
      return {
        status: 403,
        title: 'May not list',
        detail: 'Listing requests needs a caller that the policy names in mayRead.',
      }
    case 'full':
      return {
        status: 409,
        title: 'Full',
        detail:
          'This request holds as many entries as it may. It can still be denied or cancelled; make a new request otherwise.',
      }
    case 'unreadable':
      return {
        status: 409,
        title: 'Not readable by this version',
        detail:
          'This request was written by another version of Startgate. It can be decided when both functions are up to date.',
      }
    case 'not_found':
      return { status: 404, title: 'Not found', detail: 'There is nothing here. See /openapi.json for what there is.' }
    case 'method_not_allowed':
      return {
        status: 405,
        title: 'Method not allowed',
        detail: 'This address does not take that method. See /openapi.json.',
      }
  }
}

/** The first of them stand in the sentence: many tools show nothing else. */
function sayMalformed(problems: readonly { readonly path: string; readonly message: string }[]): string {
  const said = problems.slice(0, 3).map(({ path, message }) => `${path}: ${message}`)
  return `${said.join('; ')}.`
}
