// The form of the catalogue's rows.

/**
 * Who can do what is to be done next: whoever asked, manages the instance, manages the account, or runs Startgate.
 * `nobody`: there is nothing to do.
 */
export type Who = 'nobody' | 'requester' | 'operator' | 'account' | 'keeper'

/**
 * `ended`: no further attempt. `again`: one may help after a pause. `look`: it may have been started, only looking tells.
 * `passed`: the dry run's yes.
 */
export type Follow = 'ended' | 'again_soon' | 'again_later' | 'again_much_later' | 'look' | 'passed'

export interface CatalogueEntry {
  readonly code: string
  /** The HTTP status that the entry is for; undefined: any below 500. */
  readonly status?: number
  /** True when this answer shows that the call started nothing. No 5xx ever does. */
  readonly provesNothingHappened: boolean
  readonly follow: Follow
  readonly who: Who
  readonly means: Meaning | 'unheard'
}

/** What happened and what to do next; several codes may mean the same. The words are in the tables of languages. */
export type Meaning =
  | 'not_stopped'
  | 'initializing'
  | 'not_ready'
  | 'host_repairing'
  | 'busy'
  | 'gone'
  | 'id_refused'
  | 'parameter_missing'
  | 'parameter_refused'
  | 'no_system_disk'
  | 'locked_for_security'
  | 'balance_low'
  | 'account_in_arrears'
  | 'expired'
  | 'expired_or_in_arrears'
  | 'disk_in_arrears'
  | 'disk_error'
  | 'quota_used_up'
  | 'reservation_gone'
  | 'kms_not_allowed'
  | 'kms_key_gone'
  | 'kms_key_disabled'
  | 'no_capacity'
  | 'host_full'
  | 'pool_empty'
  | 'spot_price'
  | 'rate_limited'
  | 'role_may_not'
  | 'no_role_may'
  | 'risk_control'
  | 'credentials'
  | 'signature'
  | 'clock'
  | 'seen_before'
  | 'ecs_error'
  | 'ecs_unavailable'
  | 'dry_run_passed'
  | 'not_sent'
  | 'no_answer'
  | 'policy_changed'
  | 'another_deployment'
  | 'out_of_bounds'
  | 'instance_changed'
  | 'not_found'
  | 'locked'
  | 'already_running'
  | 'fell_back'
  | 'still_stopped'
  | 'not_seen'
  | 'dry_run_unclear'
  | 'no_more_attempts'

export function entry(
  code: string | readonly [code: string, status: number],
  follow: Follow,
  who: Who,
  means: CatalogueEntry['means'],
): CatalogueEntry {
  const meaning = { provesNothingHappened: follow !== 'look', follow, who, means }
  return typeof code === 'string' ? { code, ...meaning } : { code: code[0], status: code[1], ...meaning }
}
