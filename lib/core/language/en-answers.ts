// What the answers to StartInstance mean, in English.
import type { Meaning, Who } from '#core/catalogue-entry.ts'
import type { AnswerWords } from './words.ts'

const fault = 'Report it with the request id: this is a fault of Startgate.'
const looking = 'The instance is being looked at; there is nothing to do yet.'
const later = 'Ask again in a few minutes.'
const kms = 'Put the key right in KMS, then ask again.'

export const EN_ANSWERS: Readonly<Record<Meaning, AnswerWords>> = {
  not_stopped: {
    says: 'The instance was not in the state Stopped.',
    cure: 'See its state in the ECS console, then ask again.',
  },
  initializing: { says: 'The instance was still initialising.', cure: later },
  not_ready: { says: 'The instance was not ready yet.', cure: later },
  host_repairing: {
    says: 'The host of the instance was under repair.',
    cure: 'See the instance’s events in the ECS console, then ask again.',
  },
  busy: { says: 'Another operation on the instance was in progress.', cure: later },
  gone: {
    says: 'There is no such instance here any more: deleted, or in another region or account.',
    cure: 'Check its id and ask again.',
  },
  id_refused: { says: 'ECS does not accept the instance id.', cure: 'Check it and ask again.' },
  parameter_missing: { says: 'ECS misses a parameter in the call.', cure: fault },
  parameter_refused: { says: 'ECS does not accept a parameter of the call.', cure: fault },
  no_system_disk: {
    says: 'The instance has no system disk.',
    cure: 'Attach one in the ECS console, then ask again.',
  },
  locked_for_security: {
    says: 'Alibaba Cloud has locked the instance for security reasons.',
    cure: 'See its events in the ECS console, then ask again.',
  },
  balance_low: { says: 'The balance of the account is too low.', cure: 'Add funds, then ask again.' },
  account_in_arrears: { says: 'The account has a payment overdue.', cure: 'Settle it, then ask again.' },
  expired: { says: 'The instance has expired.', cure: 'Renew it or settle its bill, then ask again.' },
  expired_or_in_arrears: {
    says: 'The instance has expired or has a payment overdue.',
    cure: 'Renew or settle it, then ask again.',
  },
  disk_in_arrears: { says: 'A disk of the instance has a payment overdue.', cure: 'Settle it, then ask again.' },
  disk_error: {
    says: 'A disk of the instance is in a state that keeps it from starting.',
    cure: 'See the disks in the ECS console, then ask again.',
  },
  quota_used_up: {
    says: 'The quota for this instance type or for vCPUs is used up.',
    cure: 'Request more in Quota Center, then ask again.',
  },
  reservation_gone: {
    says: 'The capacity reservation of the instance is gone.',
    cure: 'Choose another in the ECS console, then ask again.',
  },
  kms_not_allowed: { says: 'ECS may not use the KMS key of a disk.', cure: kms },
  kms_key_gone: { says: 'The KMS key of a disk does not exist any more.', cure: kms },
  kms_key_disabled: { says: 'The KMS key of a disk is disabled.', cure: kms },
  no_capacity: {
    says: 'There was no capacity for this instance type in its zone.',
    cure: 'Change the instance type, or ask again later.',
  },
  host_full: {
    says: 'The dedicated host had no room for the instance.',
    cure: 'Free resources on the host, then ask again.',
  },
  pool_empty: {
    says: 'The private pool had no capacity.',
    cure: 'Enlarge the pool, or ask again later.',
  },
  spot_price: {
    says: 'The spot price was above the limit of this instance.',
    cure: 'Raise its limit, or ask again later.',
  },
  rate_limited: { says: 'Alibaba Cloud was limiting the rate of calls.', cure: later },
  role_may_not: {
    says: 'The role of the starter may not start this instance.',
    cure: 'Check the instance’s tag and the policy of the role, then ask again.',
  },
  no_role_may: { says: 'No RAM role may start this instance.', cure: 'Start it by hand.' },
  risk_control: {
    says: 'Alibaba Cloud’s risk control refused the start.',
    cure: 'See the account’s messages in the console, then ask again.',
  },
  credentials: {
    says: 'The credentials of the starter were refused.',
    cure: 'Check the role of the starter function, then ask again.',
  },
  signature: { says: 'ECS did not accept the signature of the call.', cure: fault },
  clock: { says: 'ECS found the clock of the starter to be wrong.', cure: 'Check the clock, then ask again.' },
  seen_before: { says: 'ECS has seen this very call before.', cure: looking },
  ecs_error: { says: 'ECS had an error.', cure: looking },
  ecs_unavailable: { says: 'ECS was not available.', cure: looking },
  dry_run_passed: {
    says: 'The dry run passed: the starter may start this instance.',
    cure: 'There is nothing to do.',
  },
  not_sent: {
    says: 'ECS could not be reached from the starter.',
    cure: 'Check the network of the function, then ask again.',
  },
  no_answer: { says: 'There was no clear answer from ECS.', cure: looking },
  policy_changed: {
    says: 'The policy of the starter does not allow this.',
    cure: 'Ask again, so that today’s rule applies.',
  },
  another_deployment: { says: 'This request was made for another deployment of Startgate.', cure: 'Ask there.' },
  out_of_bounds: { says: 'The times of this request are not what the rule allows.', cure: 'Ask again.' },
  instance_changed: {
    says: 'The instance is not what the approvers saw any more.',
    cure: 'Ask again, so that they see it as it is.',
  },
  not_found: {
    says: 'The instance does not exist any more, or the starter’s role may not see it.',
    cure: 'Check both, then ask again.',
  },
  locked: { says: 'The instance is locked.', cure: 'See its events in the ECS console, then ask again.' },
  already_running: {
    says: 'The instance runs already, so its local disks could not be wiped.',
    cure: 'Stop it first, then ask again.',
  },
  fell_back: {
    says: 'ECS accepted the start, but the instance is Stopped again.',
    cure: 'See its events and its system log in the ECS console, then ask again.',
  },
  still_stopped: {
    says: 'A start may have been sent, but the instance is still Stopped.',
    cure: 'Look at it in the ECS console, then ask again.',
  },
  not_seen: {
    says: 'A start may have been sent, but the instance was not seen running in 30 minutes.',
    cure: 'Look at it in the ECS console, and ask again if it does not run.',
  },
  dry_run_unclear: {
    says: 'The answer to the dry run was lost; nothing was started.',
    cure: 'Ask again.',
  },
  no_more_attempts: {
    says: 'As many attempts as the rule allows were made, and none started the instance.',
    cure: 'Ask again later.',
  },
}

export const EN_DONE_BY: Readonly<Record<Who, string>> = {
  nobody: '',
  requester: 'Whoever asked can do this.',
  operator: 'Whoever manages the instance can do this.',
  account: 'Whoever manages the account can do this.',
  keeper: 'Whoever runs Startgate can do this.',
}

export function unheardInEnglish(code: string): AnswerWords {
  return {
    says: `Alibaba Cloud refused the start with ${code}.`,
    cure: 'See the code in its API Error Center, then ask again.',
  }
}
