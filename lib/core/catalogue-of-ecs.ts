// What ECS may answer to StartInstance. Sources: the StartInstance API page and the ECS error codes. One code may mean two
// things under two HTTP statuses.
import { entry, type CatalogueEntry } from './catalogue-entry.ts'

/** One row per code. */
export const ECS_ANSWERS: readonly CatalogueEntry[] = [
  // The instance is in no state to be started now.
  entry('IncorrectInstanceStatus', 'again_soon', 'operator', 'not_stopped'),
  entry('IncorrectInstanceStatus.Initializing', 'again_later', 'requester', 'initializing'),
  entry(['InstanceNotReady', 403], 'again_later', 'requester', 'not_ready'),
  entry('OperationDenied.HostRepairing', 'again_much_later', 'operator', 'host_repairing'),
  entry('InvalidOperation.Conflict', 'again_soon', 'requester', 'busy'),
  entry('OperationConflict', 'again_soon', 'requester', 'busy'),
  entry('LastTokenProcessing', 'again_soon', 'requester', 'busy'),
  // The request names the wrong thing.
  entry('InvalidInstanceId.NotFound', 'ended', 'requester', 'gone'),
  entry('InvalidInstanceIds.NotFound', 'ended', 'requester', 'gone'),
  entry('InvalidInstanceId.Malformed', 'ended', 'requester', 'id_refused'),
  entry('Abs.InvalidInstanceIds.MalFormed', 'ended', 'requester', 'id_refused'),
  entry('MissingParameter', 'ended', 'keeper', 'parameter_missing'),
  entry('InvalidParameter', 'ended', 'keeper', 'parameter_refused'),
  entry('InvalidInstance.NotFoundSystemDisk', 'ended', 'operator', 'no_system_disk'),
  // Somebody has to put something right first.
  entry('InstanceLockedForSecurity', 'ended', 'operator', 'locked_for_security'),
  entry('InsufficientBalance', 'ended', 'account', 'balance_low'),
  entry('Account.Arrearage', 'ended', 'account', 'account_in_arrears'),
  entry('InstanceExpired', 'ended', 'account', 'expired'),
  entry('InstanceExpiredOrInArrears', 'ended', 'account', 'expired_or_in_arrears'),
  entry('DiskInArrears', 'ended', 'account', 'disk_in_arrears'),
  entry('DiskError', 'ended', 'operator', 'disk_error'),
  entry('QuotaExceed.ElasticQuota', 'ended', 'account', 'quota_used_up'),
  entry('InvalidCapacityReservationId.NotFound', 'ended', 'operator', 'reservation_gone'),
  entry('InvalidParameter.KMSKeyId.KMSUnauthorized', 'ended', 'account', 'kms_not_allowed'),
  entry('InvalidParameter.KMSKeyId.NotFound', 'ended', 'account', 'kms_key_gone'),
  entry('InvalidParameter.KMSKeyId.CMKUnauthorized', 'ended', 'account', 'kms_not_allowed'),
  entry('InvalidParameter.KMSKeyId.CMKNotEnabled', 'ended', 'account', 'kms_key_disabled'),
  // There is no room for it now.
  entry('OperationDenied.NoStock', 'again_much_later', 'operator', 'no_capacity'),
  entry('LackResource', 'again_much_later', 'operator', 'no_capacity'),
  entry('Zone.NotOnSale', 'again_much_later', 'operator', 'no_capacity'),
  entry('InvalidDedicatedHost.NotEnoughResource', 'again_much_later', 'operator', 'host_full'),
  entry('Invalid.PrivatePoolOptions.NoStock', 'again_much_later', 'operator', 'pool_empty'),
  entry('OperationDenied.SpotPriceLowerThanPublicPrice', 'again_much_later', 'operator', 'spot_price'),
  // The function may not call, or its call was not understood.
  entry('Throttling', 'again_later', 'requester', 'rate_limited'),
  entry('Throttling.User', 'again_later', 'requester', 'rate_limited'),
  entry('Throttling.Api', 'again_later', 'requester', 'rate_limited'),
  entry('Forbidden.RAM', 'ended', 'keeper', 'role_may_not'),
  entry('NoPermission', 'ended', 'keeper', 'role_may_not'),
  entry('Forbidden', 'ended', 'keeper', 'role_may_not'),
  entry('Forbidden.NotSupportRAM', 'ended', 'operator', 'no_role_may'),
  entry('Forbidden.RiskControl', 'ended', 'account', 'risk_control'),
  entry('InvalidSecurityToken.Expired', 'again_later', 'keeper', 'credentials'),
  entry('InvalidSecurityToken.Malformed', 'again_later', 'keeper', 'credentials'),
  entry('InvalidSecurityToken.MismatchWithAccessKey', 'again_later', 'keeper', 'credentials'),
  entry('MissingSecurityToken', 'again_later', 'keeper', 'credentials'),
  entry('InvalidAccessKeyId.NotFound', 'again_later', 'keeper', 'credentials'),
  entry('InvalidAccessKeyId.Inactive', 'again_later', 'keeper', 'credentials'),
  entry('SignatureDoesNotMatch', 'ended', 'keeper', 'signature'),
  entry('IncompleteSignature', 'ended', 'keeper', 'signature'),
  entry('InvalidTimeStamp.Expired', 'ended', 'keeper', 'clock'),
  // It may have happened.
  entry('SignatureNonceUsed', 'look', 'nobody', 'seen_before'),
  entry(['InstanceNotReady', 500], 'look', 'nobody', 'ecs_error'),
  entry(['InternalError', 500], 'look', 'nobody', 'ecs_error'),
  entry(['ServiceUnavailable', 503], 'look', 'nobody', 'ecs_unavailable'),
  // A dry run says yes with an error.
  entry('DryRunOperation', 'passed', 'nobody', 'dry_run_passed'),
]
