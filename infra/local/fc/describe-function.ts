// A function as the API describes it: what it is, what calls it, how its events are repeated, what it reserves.

import type { FunctionDefinition } from './definition.ts'

/** The operations that only read, by what follows the function's name in their path. */
export const READS = {
  '': 'GetFunction',
  '/triggers': 'ListTriggers',
  '/async-invoke-config': 'GetAsyncInvokeConfig',
  '/concurrency': 'GetConcurrencyConfig',
} as const

export type ReadOperation = (typeof READS)[keyof typeof READS]

/** Without the environment: whoever is shown this needs none of it. */
export function describeFunction(operation: ReadOperation, definition: FunctionDefinition): object {
  const { functionName, handler, memorySize, timeout, reservedConcurrency } = definition
  switch (operation) {
    case 'GetFunction':
      // The one runtime that there is here.
      return { functionName, runtime: 'nodejs20', handler, memorySize, timeout }
    case 'ListTriggers':
      return { triggers: toTriggers(definition) }
    case 'GetAsyncInvokeConfig': {
      const { maxAsyncRetryAttempts, maxAsyncEventAgeInSeconds } = definition
      return { maxAsyncRetryAttempts, maxAsyncEventAgeInSeconds, asyncTask: false }
    }
    case 'GetConcurrencyConfig':
      return { reservedConcurrency }
  }
}

/** Their configuration is JSON as text. */
function toTriggers({ httpMethods, timers }: FunctionDefinition): readonly object[] {
  const toTrigger = (triggerName: string, triggerType: string, config: object) => ({
    triggerName,
    triggerType,
    triggerConfig: JSON.stringify(config),
    qualifier: 'LATEST',
  })
  return [
    ...(httpMethods === undefined
      ? []
      : [toTrigger('http', 'http', { authType: 'anonymous', methods: httpMethods, disableURLInternet: false })]),
    ...timers.map(({ triggerName, cronExpression, enable, payload }) =>
      toTrigger(triggerName, 'timer', { cronExpression, enable, payload }),
    ),
  ]
}
