// Puts the shared parts of the local cloud together.

import { type CredentialStore, type CredentialStoreOptions, createCredentials } from './credentials.ts'
import { type FaultPlan, createFaultPlan } from './faults.ts'
import { type OperationLog, createOperationLog } from './operation-log.ts'
import { type Ram, type RamDecision, createRam } from './ram.ts'
import { type PolicyDocument, readRolePolicies } from './ram-policy.ts'
import type { CloudCall, Operation, Spine } from './spine.ts'

/** The spine with its handles: what tests and the control API turn. */
export interface LocalSpine extends Spine {
  /** The Tablestore instance, and the functions as they are deployed; the role policies speak of these. */
  readonly names: { readonly instance: string; readonly gate: string; readonly starter: string }
  readonly credentials: CredentialStore
  readonly ram: Ram
  /** Like `allows`, and says how it was denied. */
  decide(call: CloudCall): RamDecision
  readonly faults: FaultPlan
  readonly operations: OperationLog
  /** Shifts `now()` against the clock it was made with; functions keep their own clock. */
  readonly clock: { offsetMs(): number; setOffset(ms: number): void }
  /** Called by the local Function Compute: from now on `functions` reaches it. */
  attachFunctions(functions: Spine['functions']): void
}

export interface SpineOptions {
  /** Default: the machine's clock. */
  readonly now?: () => number
  readonly accountId?: string
  readonly region?: string
  /** The Tablestore instance and the function names that the role policies speak of. */
  readonly instance?: string
  readonly gate?: string
  readonly starter?: string
  readonly operator?: NonNullable<CredentialStoreOptions['operator']>
  /** Role → policy; default: the deployed ones, `infra/ram/*.json`. */
  readonly policies?: Readonly<Record<string, PolicyDocument>>
  /** Gets every call as it is recorded, for instance `createRequestLog()`. Default: silence. */
  readonly onOperation?: (operation: Operation) => void
}

export const LOCAL_NAMES = {
  accountId: '1234567890123456',
  region: 'cn-hangzhou',
  instance: 'startgate',
  gate: 'startgate-gate',
  starter: 'startgate-starter',
}

export function createSpine(options: SpineOptions = {}): LocalSpine {
  const names = {
    accountId: options.accountId ?? LOCAL_NAMES.accountId,
    region: options.region ?? LOCAL_NAMES.region,
    instance: options.instance ?? LOCAL_NAMES.instance,
    gate: options.gate ?? LOCAL_NAMES.gate,
    starter: options.starter ?? LOCAL_NAMES.starter,
  }
  const machine = options.now ?? Date.now
  let offset = 0
  const now = () => machine() + offset

  const ram = createRam(options.policies ?? readRolePolicies(names))
  const faults = createFaultPlan()
  const operations = createOperationLog()
  const credentials = createCredentials({
    now,
    ...(options.operator === undefined ? {} : { operator: options.operator }),
  })
  let functions: Spine['functions'] | undefined

  const decide = (call: CloudCall): RamDecision =>
    call.credentials.role === undefined ? 'allowed' : ram.decide(call.credentials.role, call)

  return {
    now,
    accountId: names.accountId,
    region: names.region,
    names: { instance: names.instance, gate: names.gate, starter: names.starter },
    credentials,
    ram,
    decide,
    allows: (call) => decide(call) === 'allowed',
    faults,
    faultFor: (call) => faults.faultFor(call),
    operations,
    clock: { offsetMs: () => offset, setOffset: (ms) => void (offset = ms) },
    functions: {
      crash: (instance) => attached(functions).crash(instance),
      freeze: (instance, ms) => attached(functions).freeze(instance, ms),
    },
    attachFunctions: (own) => void (functions = own),
    record(operation) {
      operations.record(operation)
      options.onOperation?.(operation)
    },
  }
}

function attached(functions: Spine['functions'] | undefined): Spine['functions'] {
  if (functions === undefined) throw new Error('no Function Compute is attached: nothing to crash or freeze')
  return functions
}
