// A function as it is configured, and the words for what one request of it may end in.

export interface FunctionDefinition {
  /** The name that the invocation API and RAM know it by. */
  readonly functionName: string
  /** `<file>.<export>`. */
  readonly handler: string
  /** `<file>.<export>`, called once per instance before its first request. */
  readonly initializer?: string | undefined
  readonly memorySize: number
  /** Seconds. */
  readonly timeout: number
  /** At most this many instances, and so requests at once; 0 refuses every request. */
  readonly reservedConcurrency: number
  readonly maxAsyncRetryAttempts: number
  readonly maxAsyncEventAgeInSeconds: number
  /** Methods that the HTTP trigger lets through; undefined: no HTTP trigger. */
  readonly httpMethods?: readonly string[] | undefined
  readonly timers: readonly TimerDefinition[]
}

export interface TimerDefinition {
  readonly triggerName: string
  /** Six cron fields in UTC, the same after `CRON_TZ=<zone> `, or `@every <duration>`. */
  readonly cronExpression: string
  readonly enable: boolean
  readonly payload: string
}

/** The body of an error as callers of a function see it. */
export interface FunctionError {
  readonly errorMessage: string
  readonly errorType: string
  readonly stackTrace?: readonly string[]
}

export type Outcome =
  | { readonly kind: 'answered'; readonly requestId: string; readonly body: Buffer }
  /** The handler threw, ran out of time, or its instance ended in the middle. */
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: FunctionError }
  /** No instance is free and no further one may be started: nothing was run. */
  | { readonly kind: 'throttled'; readonly requestId: string }

/** One line that a function printed, or wrote to `context.logger`. */
export interface LogLine {
  /** Epoch milliseconds. */
  readonly at: number
  readonly instance: string
  readonly requestId: string
  readonly text: string
}
