// What ECS may answer to StartInstance. Sources: the StartInstance API page and the ECS error codes. One code may mean two
// things under two HTTP statuses.
import { entry, LOOKING, type CatalogueEntry } from './catalogue-entry.ts'

const gone = [
  'There is no such instance here any more: deleted, or in another region or account.',
  'Check its id and ask again.',
] as const
const fault = 'This is a fault of Startgate: report it with the request id.'
const busy = 'Another operation on the instance was in progress.'
const askAgain = 'Ask again in a few minutes.'
const noCapacity = [
  'There was no capacity for this instance type in its zone.',
  'Change the instance type, or ask again later.',
] as const
const kms = 'Put the key right in KMS, then ask again.'
const limited = 'Alibaba Cloud was limiting the rate of calls.'
const roleMayNot = [
  'The role of the starter may not start this instance.',
  'Check the instance’s tag and the policy of the role, then ask again.',
] as const
const credentials = [
  'The credentials of the starter were refused.',
  'Check the role of the starter function, then ask again.',
] as const
const ecsError = 'ECS had an error.'

/** One row per code. */
export const ECS_ANSWERS: readonly CatalogueEntry[] = [
  // The instance is in no state to be started now.
  entry(
    'IncorrectInstanceStatus',
    'again_soon',
    'nobody',
    'The instance was not in the state Stopped.',
    'See its state in the ECS console, then ask again.',
  ),
  entry(
    'IncorrectInstanceStatus.Initializing',
    'again_later',
    'nobody',
    'The instance was still initialising.',
    askAgain,
  ),
  entry(['InstanceNotReady', 403], 'again_later', 'nobody', 'The instance was not ready yet.', askAgain),
  entry(
    'OperationDenied.HostRepairing',
    'again_much_later',
    'operator',
    'The host of the instance was under repair.',
    'See the instance’s events in the ECS console, then ask again.',
  ),
  entry('InvalidOperation.Conflict', 'again_soon', 'nobody', busy, askAgain),
  entry('OperationConflict', 'again_soon', 'nobody', busy, askAgain),
  entry('LastTokenProcessing', 'again_soon', 'nobody', busy, askAgain),
  // The request names the wrong thing.
  entry('InvalidInstanceId.NotFound', 'ended', 'requester', ...gone),
  entry('InvalidInstanceIds.NotFound', 'ended', 'requester', ...gone),
  entry(
    'InvalidInstanceId.Malformed',
    'ended',
    'requester',
    'ECS does not accept the instance id.',
    'Check it and ask again.',
  ),
  entry(
    'Abs.InvalidInstanceIds.MalFormed',
    'ended',
    'requester',
    'ECS does not accept the instance id.',
    'Check it and ask again.',
  ),
  entry('MissingParameter', 'ended', 'operator', 'ECS misses a parameter in the call.', fault),
  entry('InvalidParameter', 'ended', 'operator', 'ECS does not accept a parameter of the call.', fault),
  entry(
    'InvalidInstance.NotFoundSystemDisk',
    'ended',
    'operator',
    'The instance has no system disk.',
    'Attach one in the ECS console, then ask again.',
  ),
  // Somebody has to put something right first.
  entry(
    'InstanceLockedForSecurity',
    'ended',
    'operator',
    'Alibaba Cloud has locked the instance for security reasons.',
    'See its events in the ECS console.',
  ),
  entry(
    'InsufficientBalance',
    'ended',
    'billing',
    'The balance of the account is too low.',
    'Add funds, then ask again.',
  ),
  entry('Account.Arrearage', 'ended', 'billing', 'The account has a payment overdue.', 'Settle it, then ask again.'),
  entry(
    'InstanceExpired',
    'ended',
    'billing',
    'The instance has expired.',
    'Renew it or settle its bill, then ask again.',
  ),
  entry(
    'InstanceExpiredOrInArrears',
    'ended',
    'billing',
    'The instance has expired or has a payment overdue.',
    'Renew or settle it, then ask again.',
  ),
  entry(
    'DiskInArrears',
    'ended',
    'billing',
    'A disk of the instance has a payment overdue.',
    'Settle it, then ask again.',
  ),
  entry(
    'DiskError',
    'ended',
    'operator',
    'A disk of the instance is in a state that keeps it from starting.',
    'See the disks in the ECS console, then ask again.',
  ),
  entry(
    'QuotaExceed.ElasticQuota',
    'ended',
    'operator',
    'The quota for this instance type or for vCPUs is used up.',
    'Request more in Quota Center, then ask again.',
  ),
  entry(
    'InvalidCapacityReservationId.NotFound',
    'ended',
    'operator',
    'The capacity reservation of the instance is gone.',
    'Choose another in the ECS console, then ask again.',
  ),
  entry(
    'InvalidParameter.KMSKeyId.KMSUnauthorized',
    'ended',
    'operator',
    'ECS may not use the KMS key of a disk.',
    kms,
  ),
  entry(
    'InvalidParameter.KMSKeyId.NotFound',
    'ended',
    'operator',
    'The KMS key of a disk does not exist any more.',
    kms,
  ),
  entry(
    'InvalidParameter.KMSKeyId.CMKUnauthorized',
    'ended',
    'operator',
    'ECS may not use the KMS key of a disk.',
    kms,
  ),
  entry('InvalidParameter.KMSKeyId.CMKNotEnabled', 'ended', 'operator', 'The KMS key of a disk is disabled.', kms),
  // There is no room for it now.
  entry('OperationDenied.NoStock', 'again_much_later', 'operator', ...noCapacity),
  entry('LackResource', 'again_much_later', 'operator', ...noCapacity),
  entry('Zone.NotOnSale', 'again_much_later', 'operator', ...noCapacity),
  entry(
    'InvalidDedicatedHost.NotEnoughResource',
    'again_much_later',
    'operator',
    'The dedicated host had no room for the instance.',
    'Free resources on the host, then ask again.',
  ),
  entry(
    'Invalid.PrivatePoolOptions.NoStock',
    'again_much_later',
    'operator',
    'The private pool had no capacity.',
    'Enlarge the pool, or ask again later.',
  ),
  entry(
    'OperationDenied.SpotPriceLowerThanPublicPrice',
    'again_much_later',
    'operator',
    'The spot price was above the limit of this instance.',
    'Raise its limit, or ask again later.',
  ),
  // The function may not call, or its call was not understood.
  entry('Throttling', 'again_later', 'nobody', limited, askAgain),
  entry('Throttling.User', 'again_later', 'nobody', limited, askAgain),
  entry('Throttling.Api', 'again_later', 'nobody', limited, askAgain),
  entry('Forbidden.RAM', 'ended', 'operator', ...roleMayNot),
  entry('NoPermission', 'ended', 'operator', ...roleMayNot),
  entry('Forbidden', 'ended', 'operator', ...roleMayNot),
  entry('Forbidden.NotSupportRAM', 'ended', 'operator', 'No RAM role may start this instance.', 'Start it by hand.'),
  entry(
    'Forbidden.RiskControl',
    'ended',
    'operator',
    'Alibaba Cloud’s risk control refused the start.',
    'See the account’s messages in the console.',
  ),
  entry('InvalidSecurityToken.Expired', 'again_later', 'operator', ...credentials),
  entry('InvalidSecurityToken.Malformed', 'again_later', 'operator', ...credentials),
  entry('InvalidSecurityToken.MismatchWithAccessKey', 'again_later', 'operator', ...credentials),
  entry('MissingSecurityToken', 'again_later', 'operator', ...credentials),
  entry('InvalidAccessKeyId.NotFound', 'again_later', 'operator', ...credentials),
  entry('InvalidAccessKeyId.Inactive', 'again_later', 'operator', ...credentials),
  entry('SignatureDoesNotMatch', 'ended', 'operator', 'ECS did not accept the signature of the call.', fault),
  entry('IncompleteSignature', 'ended', 'operator', 'ECS did not accept the signature of the call.', fault),
  entry(
    'InvalidTimeStamp.Expired',
    'ended',
    'operator',
    'ECS found the clock of the starter to be wrong.',
    'Check the clock, then ask again.',
  ),
  // It may have happened.
  entry('SignatureNonceUsed', 'look', 'nobody', 'ECS has seen this very call before.', LOOKING),
  entry(['InstanceNotReady', 500], 'look', 'nobody', ecsError, LOOKING),
  entry(['InternalError', 500], 'look', 'nobody', ecsError, LOOKING),
  entry(['ServiceUnavailable', 503], 'look', 'nobody', 'ECS was not available.', LOOKING),
  // A dry run says yes with an error.
  entry(
    'DryRunOperation',
    'passed',
    'nobody',
    'The dry run passed: the starter may start this instance.',
    'There is nothing to do.',
  ),
]
