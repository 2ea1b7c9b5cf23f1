// The refusals of the service: the HTTP status and error code of its error reference, and its words.

/** An expected answer of the service, not a fault of this server. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  /** `OTSConditionCheckFail`, `OTSParameterInvalid`, … */
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** 400 OTSParameterInvalid: the request itself is wrong, and stays so. */
export function invalid(message: string): Refusal {
  return new Refusal(400, 'OTSParameterInvalid', message)
}

/** 400 OTSInvalidPK: the key does not fit the table. */
export function invalidKey(message: string): Refusal {
  return new Refusal(400, 'OTSInvalidPK', message)
}

/** 403 OTSAuthFailed: who calls is not known for sure. */
export function authFailed(message: string): Refusal {
  return new Refusal(403, 'OTSAuthFailed', message)
}

/** 403 OTSNoPermissionAccess: who calls is known, and may not. */
export function noPermission(): Refusal {
  const message = 'You have no permission to access the requested resource, please contact the resource owner.'
  return new Refusal(403, 'OTSNoPermissionAccess', message)
}

/** 403 OTSConditionCheckFail: existence or column condition; nothing was written. */
export function conditionFailed(): Refusal {
  return new Refusal(403, 'OTSConditionCheckFail', 'Condition check failed.')
}
