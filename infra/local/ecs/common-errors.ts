// Errors that any ECS call can get: from the API gateway, RAM and the account, in front of the operation itself.

import type { EcsError } from './errors.ts'

/** Those of them that StartInstance's own page does not list; the texts are the public error codes' ones. */
export const COMMON_ERRORS: readonly EcsError[] = [
  { code: 'Throttling', status: 400, message: 'Request was denied due to request throttling.' },
  { code: 'Throttling.User', status: 400, message: 'Request was denied due to user flow control.' },
  { code: 'Throttling.Api', status: 400, message: 'Request was denied due to api flow control.' },
  { code: 'Throttling', status: 503, message: 'Request was denied due to request throttling.' },
  {
    code: 'Forbidden.RAM',
    status: 403,
    message: "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
  },
  { code: 'Forbidden.NotSupportRAM', status: 403, message: 'This action does not support accessed by RAM mode.' },
  { code: 'Forbidden', status: 403, message: 'User not authorized to operate on the specified resource.' },
  { code: 'NoPermission', status: 403, message: 'You are not authorized to do this action.' },
  {
    code: 'Forbidden.RiskControl',
    status: 403,
    message: 'This operation is forbidden by Aliyun RiskControl system.',
  },
  { code: 'Account.Arrearage', status: 400, message: 'Your account has an outstanding payment.' },
  { code: 'InstanceExpiredOrInArrears', status: 403, message: 'The specified instance is expired or in arrears.' },
  {
    code: 'IncorrectInstanceStatus.Initializing',
    status: 403,
    message: 'The specified instance status does not support this operation.',
  },
  { code: 'InvalidOperation.Conflict', status: 409, message: 'The operation conflicts with another one.' },
  { code: 'OperationConflict', status: 409, message: 'The operation conflicts with another one.' },
  { code: 'LastTokenProcessing', status: 403, message: 'The last token request is processing.' },
  { code: 'OperationDenied', status: 403, message: 'The specified operation is denied.' },
  { code: 'InvalidInstanceIds.Malformed', status: 400, message: 'The specified InstanceIds is not valid.' },
  { code: 'InvalidInstanceId.Malformed', status: 400, message: 'The specified parameter "InstanceId" is not valid.' },
  { code: 'InvalidParameter', status: 400, message: 'The specified parameter is not valid.' },
  {
    code: 'MissingParameter',
    status: 400,
    message: 'The input parameter that is mandatory for processing this request is not supplied.',
  },
  { code: 'InvalidSecurityToken.Expired', status: 400, message: 'Specified SecurityToken is expired.' },
  { code: 'InvalidSecurityToken.Malformed', status: 400, message: 'Specified SecurityToken is malformed.' },
  {
    code: 'InvalidSecurityToken.MismatchWithAccessKey',
    status: 400,
    message: 'Specified SecurityToken mismatch with the AccessKey.',
  },
  { code: 'MissingSecurityToken', status: 400, message: 'SecurityToken is mandatory for this action.' },
  { code: 'InvalidAccessKeyId.NotFound', status: 404, message: 'Specified access key is not found.' },
  { code: 'InvalidAccessKeyId.Inactive', status: 400, message: 'Specified access key is disabled.' },
  {
    code: 'SignatureDoesNotMatch',
    status: 400,
    message: 'Specified signature is not matched with our calculation.',
  },
  {
    code: 'IncompleteSignature',
    status: 400,
    message: 'The request signature does not conform to Aliyun standards.',
  },
  { code: 'SignatureNonceUsed', status: 400, message: 'Specified signature nonce was used already.' },
  { code: 'InvalidTimeStamp.Expired', status: 400, message: 'Specified time stamp or date value is expired.' },
  {
    code: 'InvalidTimeStamp.Format',
    status: 400,
    message: 'Specified time stamp or date value is not well formatted.',
  },
  { code: 'DryRunOperation', status: 400, message: 'Request validation has been passed with DryRun flag set.' },
  {
    code: 'InvalidAction.NotFound',
    status: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
]

/** The documented error with this code; with `message`, the same code and status saying that. Throws on an unknown code. */
export function commonError(code: string, message?: string): EcsError {
  const found = COMMON_ERRORS.find((error) => error.code === code)
  if (found === undefined) throw new Error(`no common ECS error has the code ${code}`)
  return message === undefined ? found : { ...found, message }
}
