// StartInstance: accepts a Stopped instance and answers while it is Starting.

import { commonError } from './common-errors.ts'
import { type EcsRefusal, START_INSTANCE_ERRORS, startInstanceError } from './errors.ts'
import type { StartError } from './instance-definition.ts'
import type { LocalInstance } from './instances.ts'
import {
  type EcsResult,
  type OperationContext,
  type Preparation,
  findHere,
  instanceResource,
  invalidParameter,
  missingParameter,
  toBoolean,
  unsupportedParameter,
} from './operation.ts'

export function prepareStartInstance(context: OperationContext): Preparation {
  const { params, accountId } = context
  const unsupported = unsupportedParameter(params, ['InstanceId', 'InitLocalDisk', 'DryRun'])
  if (unsupported !== undefined) return { refusal: unsupported }
  const id = params.get('InstanceId')
  if (!id) return { refusal: missingParameter('InstanceId') }
  const initLocalDisk = toBoolean(params.get('InitLocalDisk'))
  if (initLocalDisk === undefined) return { refusal: invalidParameter('InitLocalDisk') }
  const dryRun = toBoolean(params.get('DryRun'))
  if (dryRun === undefined) return { refusal: invalidParameter('DryRun') }

  const instance = findHere(context, id)
  return {
    subject: `${id}${dryRun ? ' (dry run)' : ''}${initLocalDisk ? ' (init local disk)' : ''}`,
    action: 'ecs:StartInstance',
    resource: instance ? instanceResource(accountId, instance) : `acs:ecs:*:${accountId}:instance/${id}`,
    restrictedTo: instance,
    carryOut: () => start(context, id, { dryRun, initLocalDisk }),
  }
}

function start(
  context: OperationContext,
  id: string,
  { dryRun, initLocalDisk }: { readonly dryRun: boolean; readonly initLocalDisk: boolean },
): EcsResult {
  const { instances, credentials, requestId } = context
  // Looked up anew: between the preparation and now a planned delay may have passed.
  const instance = findHere(context, id)
  if (instance === undefined) {
    return { refusal: startInstanceError('InvalidInstanceId.NotFound') }
  }
  // A dry run looks at the key, the permission and the parameters, and neither at the state nor at the stock.
  if (dryRun) return { refusal: commonError('DryRunOperation') }

  const planned = instances.takeStartError(id)
  if (planned !== undefined && !planned.applied) return { refusal: toRefusal(planned) }
  const refusal = stateRefusal(instance, context.now())
  if (refusal !== undefined) return { refusal }
  instances.start(id, { role: credentials.role ?? 'operator', requestId, initLocalDisk })
  return planned === undefined ? { body: {} } : { refusal: toRefusal(planned) }
}

function stateRefusal({ definition, phase }: LocalInstance, now: number): EcsRefusal | undefined {
  if (definition.locks.some(({ reason }) => reason === 'security')) {
    return startInstanceError('InstanceLockedForSecurity')
  }
  if (definition.expiresAt !== undefined && definition.expiresAt <= now) {
    const kind = definition.chargeType === 'PrePaid' ? 'prePaid' : 'postPaid'
    return START_INSTANCE_ERRORS.find(({ code, message }) => code === 'InstanceExpired' && message.includes(kind))
  }
  return phase.status === 'Stopped' ? undefined : startInstanceError('IncorrectInstanceStatus')
}

function toRefusal({ code, status, message, retryAfterMs }: StartError): EcsRefusal {
  return { code, status, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}
