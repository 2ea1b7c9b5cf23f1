// The errors that ECS answers with: code, HTTP status and message as Alibaba Cloud documents them.

/** `%s` in a message stands for text that the service makes up. */
export interface EcsError {
  readonly code: string
  readonly status: number
  readonly message: string
}

/** An error as it is answered to one call. */
export interface EcsRefusal extends EcsError {
  readonly accessDeniedDetail?: AccessDeniedDetail
  /** Sent as `x-acs-retry-after`, with throttling. */
  readonly retryAfterMs?: number
}

interface AccessDeniedDetail {
  readonly AuthAction: string
  readonly AuthPrincipalType: string
  readonly AuthPrincipalOwnerId: string
  readonly AuthPrincipalDisplayName: string
  readonly NoPermissionType: 'ImplicitDeny' | 'ExplicitDeny'
  readonly PolicyType: string
  readonly EncodedDiagnosticMessage: string
}

const quota = (message: string): EcsError => ({ code: 'QuotaExceed.ElasticQuota', status: 403, message })

/** Every row of the error tables of the StartInstance page: those of today, and those that it had before. */
export const START_INSTANCE_ERRORS: readonly EcsError[] = [
  { code: 'LackResource', status: 400, message: "There's no enough resource on the specified capacity reservation." },
  {
    code: 'InvalidDedicatedHost.NotEnoughResource',
    status: 400,
    message: 'The specified dedicated host has not enough resource due to host affinity.',
  },
  {
    code: 'InvalidDedicatedHost.NotEnoughResource',
    status: 400,
    message: "There's no available dedicated host to perform the operation.",
  },
  {
    code: 'InvalidInstance.NotFoundSystemDisk',
    status: 400,
    message: 'The specified instance does not have system disk.',
  },
  { code: 'Invalid.PrivatePoolOptions.NoStock', status: 400, message: 'The PrivatePool has been used up.' },
  {
    code: 'IncorrectInstanceStatus',
    status: 403,
    message: 'The current status of the resource does not support this operation.',
  },
  { code: 'IncorrectInstanceStatus', status: 403, message: '%s' },
  {
    code: 'InstanceLockedForSecurity',
    status: 403,
    message: 'The specified operation is denied as your instance is locked for security reasons.',
  },
  { code: 'InsufficientBalance', status: 403, message: 'Your account does not have enough balance.' },
  { code: 'DiskError', status: 403, message: 'IncorrectDiskStatus.' },
  {
    code: 'InstanceExpired',
    status: 403,
    message: 'The postPaid instance has been expired.Please ensure your account have enough balance.',
  },
  { code: 'InstanceExpired', status: 403, message: 'The prePaid instance has been expired.' },
  { code: 'InstanceNotReady', status: 403, message: 'The specified instance is not ready for use.' },
  { code: 'DiskInArrears', status: 403, message: 'The specified operation is denied as your disk has expired.' },
  {
    code: 'OperationDenied.NoStock',
    status: 403,
    message:
      'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
  },
  {
    code: 'OperationDenied.SpotPriceLowerThanPublicPrice',
    status: 403,
    message: 'The spot instance price is lower than public price.',
  },
  {
    code: 'OperationDenied.HostRepairing',
    status: 403,
    message: 'The specified operation is denied as the host of ECS instance is being repaired.',
  },
  { code: 'InvalidParameter.KMSKeyId.NotFound', status: 403, message: 'The specified KMSKeyId does not exist.' },
  { code: 'InvalidParameter.KMSKeyId.CMKUnauthorized', status: 403, message: 'The CMK needs to be added ECS tag.' },
  { code: 'InvalidParameter.KMSKeyId.CMKNotEnabled', status: 403, message: 'The CMK needs to be enabled.' },
  {
    code: 'InvalidParameter.KMSKeyId.KMSUnauthorized',
    status: 403,
    message: 'ECS service have no right to access your KMS.',
  },
  quota('No additional quota is available for the specified ECS instance type.'),
  quota('The number of the specified ECS instances has exceeded the quota of the specified instance type.'),
  quota('The number of vCPUs assigned to the ECS instances has exceeded the quota in the zone.'),
  quota(
    'The number of the specified ECS instances has exceeded the quota of the specified instance type, or the number of vCPUs assigned to the ECS instances has exceeded the quota in the zone.',
  ),
  { code: 'InvalidInstanceId.NotFound', status: 404, message: 'The specified InstanceId does not exist.' },
  {
    code: 'InvalidCapacityReservationId.NotFound',
    status: 404,
    message: 'The specified capacity reservation does not exist.',
  },
  { code: 'InstanceNotReady', status: 500, message: 'The specified instance is not ready for use' },
  {
    code: 'InternalError',
    status: 500,
    message: 'The request processing has failed due to some unknown error.',
  },
  {
    code: 'InternalError',
    status: 500,
    message: 'The request processing has failed due to some unknown error, exception or failure.',
  },
  {
    code: 'ServiceUnavailable',
    status: 503,
    message: 'The request has failed due to a temporary failure of the server.',
  },
]

/** The first documented StartInstance error with this code. Throws on a code that the page does not list. */
export function startInstanceError(code: string): EcsError {
  const found = START_INSTANCE_ERRORS.find((error) => error.code === code)
  if (found === undefined) throw new Error(`StartInstance does not document ${code}`)
  return found
}
