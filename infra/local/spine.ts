// What every local service shares: who calls, whether they may, what the fault plan does to the call, and the log of it.

export type Service = 'ots' | 'ecs' | 'fc'

/** A key pair as the local cloud issued it. `role` is undefined for the operator's own key, which RAM does not restrict. */
export interface Credentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
  readonly role?: string
  /** Epoch milliseconds; undefined: does not expire. */
  readonly expiresAt?: number
  /** The function instance that holds them, so that a fault can kill the caller. */
  readonly functionInstance?: string
}

/** One cloud call: its signature is verified, nothing of it is carried out yet. */
export interface CloudCall {
  readonly service: Service
  /** The API's own name: `PutRow`, `StartInstance`, `InvokeFunction`. */
  readonly operation: string
  readonly credentials: Credentials
  /** RAM's words for it: `ots:PutRow` on `acs:ots:cn-hangzhou:1234567890123456:instance/startgate/table/asks`. */
  readonly action: string
  readonly resource: string
  readonly resourceTags?: Readonly<Record<string, string>>
  /** One short human-readable phrase for the log: `asks (req_1f…, 2)`; never a secret. */
  readonly subject: string
}

/**
 * What happens to a call instead of the normal course. "lost" = the connection is reset without an answer;
 * `applied` says whether the call is carried out first.
 */
export type Fault =
  | { readonly kind: 'lost'; readonly applied: boolean }
  /** The answer starts (headers and half the body), then the connection ends or, with `stall`, stays silent for ever. */
  | { readonly kind: 'truncated'; readonly stall: boolean }
  /** Carried out and answered after `ms`; with `before`, it is carried out only after the delay. */
  | { readonly kind: 'delayed'; readonly ms: number; readonly before: boolean }
  /** Refused with the service's own error shape; nothing is carried out unless `applied`. */
  | {
      readonly kind: 'error'
      readonly status: number
      readonly code: string
      readonly message?: string
      readonly applied?: boolean
    }
  /** An HTML page from a gateway in front of the service. */
  | { readonly kind: 'html'; readonly status: number; readonly applied: boolean }
  /** The function instance that makes the call is killed: before it is carried out, or after it and before its answer. */
  | { readonly kind: 'crash'; readonly applied: boolean }
  /** The function instance that makes the call is frozen (SIGSTOP) as with 'crash', and thawed after `ms`. */
  | { readonly kind: 'freeze'; readonly applied: boolean; readonly ms: number }
  /** The credentials of the call expire with it: it is refused, and so is every later one that is made with them. */
  | { readonly kind: 'expired' }

/** A fault and the calls it befalls. Undefined fields match everything. */
export interface FaultRule {
  readonly service?: Service
  readonly operation?: string
  /** The calling role, as in `Credentials.role`. */
  readonly role?: string
  /** Matches when `CloudCall.subject` contains it. */
  readonly subject?: string
  /** Lets this many matching calls pass first; default 0. */
  readonly skip?: number
  /** How many matching calls it befalls after that; default 1. `null`: every one. */
  readonly times?: number | null
  readonly fault: Fault
}

/** Of 4 KB each. */
export interface CapacityUnits {
  readonly read: number
  readonly write: number
}

/** One line of the operation log. */
export interface Operation {
  readonly at: number
  readonly service: Service
  readonly operation: string
  readonly role: string
  readonly subject: string
  /** HTTP status sent, or 0 when no answer was sent. */
  readonly status: number
  /** The service's error code, when it answered with one. */
  readonly code?: string
  readonly fault?: Fault['kind']
  /** What Tablestore counts for it; undefined: nothing. */
  readonly units?: CapacityUnits
  readonly durationMs: number
}

export interface Spine {
  /** Epoch milliseconds, as the cloud's own clock shows them. */
  now(): number
  readonly accountId: string
  readonly region: string
  readonly credentials: {
    /** Short-lived credentials for a function's role; the key id begins with `STS.`. */
    issue(role: string, options: { readonly ttlMs: number; readonly functionInstance?: string }): Credentials
    find(accessKeyId: string): Credentials | undefined
    /** Expires a key at once. False: no such key, or the operator's. */
    expire(accessKeyId: string): boolean
  }
  /** True when the caller's role policy (the file that is deployed) allows the action; the operator may everything. */
  allows(call: CloudCall): boolean
  /** The fault planned for this call, if any; counts the call against the plan. */
  faultFor(call: CloudCall): Fault | undefined
  /** Kills or freezes a function instance; set by the local Function Compute. */
  readonly functions: { crash(instance: string): void; freeze(instance: string, ms: number): void }
  record(operation: Operation): void
}
