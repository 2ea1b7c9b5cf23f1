// Every way in which Startgate says no, as data. A fault (network, configuration, bug) is an exception and is not here.
import type { State } from './standing.ts'

/** Why a token is not accepted: for the log. Outside all of them are one vague answer. */
export type TokenFlaw =
  | 'malformed'
  | 'not_canonical'
  | 'header'
  | 'unknown_key'
  | 'algorithm'
  | 'not_touched'
  | 'another_origin'
  | 'not_verified'
  | 'signature'
  | 'statement'
  | 'another_decision'
  | 'another_audience'
  | 'another_proposal'
  | 'another_text'
  | 'not_the_approver_of_the_key'
  | 'not_an_approver'
  | 'is_the_requester'
  | 'key_not_valid_then'
  | 'signed_too_early'
  | 'signed_in_the_future'

export type Refusal =
  /** The caller is not known: no valid signature. `flaw` is for the log alone. */
  | { readonly reason: 'unauthenticated'; readonly flaw: string }
  | { readonly reason: 'malformed'; readonly problems: readonly { readonly path: string; readonly message: string }[] }
  | { readonly reason: 'too_large'; readonly limit: number }
  | { readonly reason: 'key_reused' }
  /** No such instance, or no rule lets this caller start it: answered alike, so that nobody can probe for instances. */
  | { readonly reason: 'not_available'; readonly instanceId: string; readonly regionId: string }
  | { readonly reason: 'already_running'; readonly instanceId: string; readonly status: string }
  | { readonly reason: 'locked'; readonly instanceId: string; readonly lock: string }
  | { readonly reason: 'instance_expired'; readonly instanceId: string }
  | { readonly reason: 'may_not_wipe'; readonly rule: string }
  | { readonly reason: 'no_approver'; readonly rule: string }
  /**
   * The hours and freeze windows of the policy leave no time to start before the request would expire. `opensAt`: epoch ms;
   * undefined where that is further ahead than `notBefore` may be.
   */
  | { readonly reason: 'closed'; readonly rule: string; readonly opensAt: number | undefined }
  | { readonly reason: 'not_before_out_of_range' }
  | { readonly reason: 'may_not_act_for'; readonly principal: string }
  | { readonly reason: 'no_such_request' }
  | { readonly reason: 'token_refused'; readonly flaw: TokenFlaw }
  | { readonly reason: 'reason_required' }
  | { readonly reason: 'already_final'; readonly state: State }
  | { readonly reason: 'expiring' }
  | { readonly reason: 'may_not_cancel' }
  | { readonly reason: 'may_not_read' }
  | { readonly reason: 'full' }
  | { readonly reason: 'unreadable' }
  | { readonly reason: 'not_found' }
  | { readonly reason: 'method_not_allowed' }

/** A refusal or a result; refusals are the only failures that travel as values. */
export type Refused = { readonly refusal: Refusal }

export function refuse(refusal: Refusal): Refused {
  return { refusal }
}

export function isRefused(outcome: object): outcome is Refused {
  return 'refusal' in outcome
}
