// The fault plan: which of the coming calls go wrong, and how.

import type { CloudCall, Fault, FaultRule } from './spine.ts'

interface PlannedFault {
  readonly id: string
  readonly rule: FaultRule
  /** How many calls matched the rule so far, those that it let pass included. */
  readonly seen: number
  /** How many calls it befell. */
  readonly hits: number
}

export interface FaultPlan {
  /** Returns the rule's id. */
  add(rule: FaultRule): string
  /** Removes one rule, or all of them; returns how many. */
  clear(id?: string): number
  list(): readonly PlannedFault[]
  /**
   * Every matching rule sees the call, so `skip` counts calls and not what other rules left over. The call gets the
   * fault of the first rule, in the order they were added, that has hits left.
   */
  faultFor(call: CloudCall): Fault | undefined
}

export function createFaultPlan(): FaultPlan {
  const planned = new Map<string, { id: string; rule: FaultRule; seen: number; hits: number }>()
  let nextId = 1

  return {
    add(rule) {
      const id = `fault-${nextId}`
      nextId += 1
      planned.set(id, { id, rule, seen: 0, hits: 0 })
      return id
    },
    clear(id) {
      if (id !== undefined) return planned.delete(id) ? 1 : 0
      const count = planned.size
      planned.clear()
      return count
    },
    list: () => [...planned.values()].map((entry) => ({ ...entry })),
    faultFor(call) {
      let fault: Fault | undefined
      for (const entry of planned.values()) {
        if (!isMatch(entry.rule, call)) continue
        entry.seen += 1
        if (fault !== undefined || entry.seen <= (entry.rule.skip ?? 0)) continue
        const times = entry.rule.times === undefined ? 1 : entry.rule.times
        if (times !== null && entry.hits >= times) continue
        entry.hits += 1
        fault = entry.rule.fault
      }
      return fault
    },
  }
}

function isMatch(rule: FaultRule, call: CloudCall): boolean {
  return (
    (rule.service === undefined || rule.service === call.service) &&
    (rule.operation === undefined || rule.operation === call.operation) &&
    (rule.role === undefined || rule.role === call.credentials.role) &&
    (rule.subject === undefined || call.subject.includes(rule.subject))
  )
}
