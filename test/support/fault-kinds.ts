// Every way in which the cloud may fail one call, in the words of the service that is called.
import type { Fault, Operation, Service } from '#infra/local/spine.ts'

export interface FaultKind {
  readonly name: string
  /** The kind makes a difference only where something is carried out. */
  readonly writesOnly?: boolean
  /** Meanwhile the connections that were kept are closed. */
  readonly closesIdle?: boolean
  readonly faultOf: (call: Pick<Operation, 'service' | 'operation'>) => Fault
}

/** Past every deadline that the caller has for the call, at the scale of the stories. */
const PAST_DEADLINE = { call: 1300, start: 2800 }
/** Longer than the deadlines of all calls but StartInstance; the platform waits longer. */
const FROZEN = 1500

const THROTTLED = refusals([503, 'OTSServerBusy'], [400, 'Throttling.User'], [429, 'ResourceExhausted'])
const BROKEN = refusals([500, 'OTSInternalServerError'], [500, 'InternalError'], [500, 'InternalServerError'])
const UNKNOWN_TOKEN = refusals(
  [403, 'OTSAuthFailed'],
  [400, 'InvalidSecurityToken.Expired'],
  [403, 'ExpiredSecurityToken'],
)

export const FAULT_KINDS: readonly FaultKind[] = [
  { name: 'lost before it', faultOf: () => ({ kind: 'lost', applied: false }) },
  { name: 'lost after it', writesOnly: true, faultOf: () => ({ kind: 'lost', applied: true }) },
  { name: 'cut off', faultOf: () => ({ kind: 'truncated', stall: false }) },
  { name: 'never ending', faultOf: () => ({ kind: 'truncated', stall: true }) },
  {
    name: 'carried out too late',
    writesOnly: true,
    faultOf: (call) => ({ kind: 'delayed', ms: latenessOf(call), before: true }),
  },
  { name: 'answered too late', faultOf: (call) => ({ kind: 'delayed', ms: latenessOf(call), before: false }) },
  { name: 'throttled', faultOf: ({ service }) => ({ kind: 'error', ...THROTTLED[service] }) },
  { name: 'broken', faultOf: ({ service }) => ({ kind: 'error', ...BROKEN[service] }) },
  {
    name: 'broken after it',
    writesOnly: true,
    faultOf: ({ service }) => ({ kind: 'error', ...BROKEN[service], applied: true }),
  },
  { name: 'answered by a gateway', faultOf: () => ({ kind: 'html', status: 502, applied: true }) },
  { name: 'refused its token once', faultOf: ({ service }) => ({ kind: 'error', ...UNKNOWN_TOKEN[service] }) },
  { name: 'refused its token from here on', faultOf: () => ({ kind: 'expired' }) },
  {
    name: 'frozen longer than connections are kept',
    closesIdle: true,
    faultOf: () => ({ kind: 'freeze', applied: true, ms: FROZEN }),
  },
]

/** Kept apart: starting a process anew takes longest. */
export const DEATHS: readonly FaultKind[] = [
  { name: 'killed before it', writesOnly: true, faultOf: () => ({ kind: 'crash', applied: false }) },
  { name: 'killed after it', faultOf: () => ({ kind: 'crash', applied: true }) },
]

export function isWrite({ operation }: Pick<Operation, 'operation'>): boolean {
  return !operation.startsWith('Get') && !operation.startsWith('Describe')
}

type Refusals = Readonly<Record<Service, { readonly status: number; readonly code: string }>>

function refusals(...[ots, ecs, fc]: readonly [Said, Said, Said]): Refusals {
  return { ots: toRefusal(ots), ecs: toRefusal(ecs), fc: toRefusal(fc) }
}

type Said = readonly [status: number, code: string]

function toRefusal([status, code]: Said) {
  return { status, code }
}

function latenessOf({ operation }: Pick<Operation, 'operation'>): number {
  return operation === 'StartInstance' ? PAST_DEADLINE.start : PAST_DEADLINE.call
}
