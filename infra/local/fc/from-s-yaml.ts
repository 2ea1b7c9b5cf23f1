// The functions as s.yaml deploys them.

import type { ServiceFile } from '#infra/s-yaml-schema.ts'
import type { FunctionDefinition } from './definition.ts'

export interface FunctionDefinitions {
  readonly gate: FunctionDefinition
  readonly starter: FunctionDefinition
}

export function toDefinitions({ resources }: ServiceFile): FunctionDefinitions {
  return { gate: toDefinition(resources.gate.props), starter: toDefinition(resources.starter.props) }
}

type Props = ServiceFile['resources']['gate' | 'starter']['props']

function toDefinition(props: Props): FunctionDefinition {
  const triggers: readonly Trigger[] = props.triggers
  return {
    functionName: props.functionName,
    handler: props.handler,
    memorySize: props.memorySize,
    timeout: props.timeout,
    reservedConcurrency: props.concurrencyConfig.reservedConcurrency,
    ...props.asyncInvokeConfig,
    httpMethods: triggers.flatMap((trigger) =>
      trigger.triggerType === 'http' ? [trigger.triggerConfig.methods] : [],
    )[0],
    timers: triggers.flatMap((trigger) =>
      trigger.triggerType === 'timer' ? [{ triggerName: trigger.triggerName, ...trigger.triggerConfig }] : [],
    ),
  }
}

type Trigger = ServiceFile['resources']['gate']['props']['triggers'][number]
