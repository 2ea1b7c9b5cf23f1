// The place where every call of a memory port passes: counted there, held up there, and bent by a planned fault.

/** `lost`: the answer is lost, so the port settles it as its promise says. `unclear`: it gives up and throws. */
export type MemoryFault =
  | { readonly kind: 'lost'; readonly applied: boolean }
  | { readonly kind: 'unclear'; readonly applied: boolean }

export interface MemoryCall {
  /** `asks`, `runs`, `open`, `days`, `ecs`, `fc`. */
  readonly service: string
  /** The cloud's own name: `PutRow`, `GetRange`, `StartInstance`, `InvokeFunction`. */
  readonly operation: string
  readonly subject: string
}

export interface MemoryRule extends Partial<MemoryCall> {
  /** Lets this many matching calls pass first; default 0. */
  readonly skip?: number
  /** How many it befalls after that; default 1, `null`: every one. */
  readonly times?: number | null
  readonly fault: MemoryFault
}

export interface MemoryCalls {
  /** Every call so far, in order. */
  readonly list: readonly MemoryCall[]
  /** How often, as `asks PutRow` → 2. */
  counts(): Readonly<Record<string, number>>
  forget(): void
  plan(rule: MemoryRule): void
  /** For the ports: a call comes in. Everything before the answer to it happens later than now. */
  enter(call: MemoryCall): Promise<MemoryFault | undefined>
}

/** `gate` may hold a call up, or throw: the caller then dies before the call was made. */
export function createMemoryCalls(gate: (call: MemoryCall) => Promise<void> = async () => {}): MemoryCalls {
  const list: MemoryCall[] = []
  const rules: { readonly rule: MemoryRule; seen: number; hits: number }[] = []

  return {
    list,
    counts() {
      const counts: Record<string, number> = {}
      for (const { service, operation } of list)
        counts[`${service} ${operation}`] = (counts[`${service} ${operation}`] ?? 0) + 1
      return counts
    },
    forget: () => void list.splice(0),
    plan: (rule) => void rules.push({ rule, seen: 0, hits: 0 }),
    async enter(call) {
      list.push(call)
      await gate(call)
      return findFault(rules, call)
    },
  }
}

function findFault(
  rules: readonly { readonly rule: MemoryRule; seen: number; hits: number }[],
  call: MemoryCall,
): MemoryFault | undefined {
  let fault: MemoryFault | undefined
  for (const entry of rules) {
    const { service, operation, subject, skip = 0, times = 1 } = entry.rule
    if (service !== undefined && service !== call.service) continue
    if (operation !== undefined && operation !== call.operation) continue
    if (subject !== undefined && !call.subject.includes(subject)) continue
    entry.seen += 1
    if (fault !== undefined || entry.seen <= skip || (times !== null && entry.hits >= times)) continue
    entry.hits += 1
    fault = entry.rule.fault
  }
  return fault
}

/** What a memory port throws when a call was to stay unclear. */
export class MemoryUnclearError extends Error {
  override readonly name = 'MemoryUnclearError'
  readonly code = 'unclear'
  constructor({ service, operation, subject }: MemoryCall) {
    super(`${operation} on ${service} (${subject}) had no clear outcome`)
  }
}

/** Carries a write out that may be repeated without harm; its outcome is then the one of the repetition. */
export async function applyRepeatable<Result>(
  calls: MemoryCalls,
  call: MemoryCall,
  apply: () => Result,
): Promise<Result> {
  const fault = await calls.enter(call)
  if (fault === undefined) return apply()
  if (fault.applied) apply()
  if (fault.kind === 'unclear') throw new MemoryUnclearError(call)
  return applyRepeatable(calls, call, apply)
}
