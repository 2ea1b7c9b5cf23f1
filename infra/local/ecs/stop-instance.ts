// StopInstance: accepts a Running instance and answers while it is Stopping. The product never calls it; people do.

import { commonError } from './common-errors.ts'
import { startInstanceError } from './errors.ts'
import type { StoppedMode } from './instance-definition.ts'
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

export function prepareStopInstance(context: OperationContext): Preparation {
  const { params, accountId } = context
  const unsupported = unsupportedParameter(params, ['InstanceId', 'StoppedMode', 'ForceStop', 'DryRun'])
  if (unsupported !== undefined) return { refusal: unsupported }
  const id = params.get('InstanceId')
  if (!id) return { refusal: missingParameter('InstanceId') }
  const stoppedMode = params.get('StoppedMode') ?? 'KeepCharging'
  if (stoppedMode !== 'KeepCharging' && stoppedMode !== 'StopCharging') {
    return { refusal: invalidParameter('StoppedMode') }
  }
  const dryRun = toBoolean(params.get('DryRun'))
  if (dryRun === undefined) return { refusal: invalidParameter('DryRun') }

  const instance = findHere(context, id)
  return {
    subject: id,
    action: 'ecs:StopInstance',
    resource: instance ? instanceResource(accountId, instance) : `acs:ecs:*:${accountId}:instance/${id}`,
    restrictedTo: instance,
    carryOut: () => stop(context, id, { dryRun, stoppedMode }),
  }
}

function stop(
  context: OperationContext,
  id: string,
  { dryRun, stoppedMode }: { readonly dryRun: boolean; readonly stoppedMode: StoppedMode },
): EcsResult {
  const instance = findHere(context, id)
  if (instance === undefined) {
    return { refusal: startInstanceError('InvalidInstanceId.NotFound') }
  }
  if (dryRun) return { refusal: commonError('DryRunOperation') }
  // The two operations share the words of these errors.
  if (instance.phase.status !== 'Running') return { refusal: startInstanceError('IncorrectInstanceStatus') }
  context.instances.stop(id, stoppedMode)
  return { body: {} }
}
