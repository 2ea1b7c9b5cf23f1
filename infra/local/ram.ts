// RAM: is this action on this resource allowed to this role? Explicit Deny wins, and what nobody allows is denied.

import type { PolicyDocument, PolicyStatement } from './ram-policy.ts'
import type { CloudCall } from './spine.ts'

export type RamDecision = 'allowed' | 'implicit-deny' | 'explicit-deny'
export type RamRequest = Pick<CloudCall, 'action' | 'resource' | 'resourceTags'>

export interface Ram {
  /** An unknown role is denied everything. */
  decide(role: string, request: RamRequest): RamDecision
  /** Replaces a role's policy from the next call on. */
  setPolicy(role: string, policy: PolicyDocument): void
  policy(role: string): PolicyDocument | undefined
}

export function createRam(policies: Readonly<Record<string, PolicyDocument>>): Ram {
  const byRole = new Map(Object.entries(policies))
  return {
    decide: (role, request) => decide(byRole.get(role)?.Statement ?? [], request),
    setPolicy: (role, policy) => void byRole.set(role, policy),
    policy: (role) => byRole.get(role),
  }
}

function decide(statements: readonly PolicyStatement[], request: RamRequest): RamDecision {
  const matching = statements.filter((statement) => isMatch(statement, request))
  if (matching.some((statement) => statement.Effect === 'Deny')) return 'explicit-deny'
  return matching.length > 0 ? 'allowed' : 'implicit-deny'
}

function isMatch(statement: PolicyStatement, request: RamRequest): boolean {
  return (
    statement.Action.some((pattern) => matches(pattern, request.action, '*')) &&
    statement.Resource.some((pattern) => matches(pattern, request.resource, '*')) &&
    isConditionMet(statement.Condition, request.resourceTags ?? {})
  )
}

/** Every key of every operator must hold; of a key's values one is enough. A tag that is not there never matches. */
function isConditionMet(condition: PolicyStatement['Condition'], tags: Readonly<Record<string, string>>): boolean {
  const holds = (wanted: Readonly<Record<string, readonly string[]>>, test: (value: string, tag: string) => boolean) =>
    Object.entries(wanted).every(([key, values]) => {
      const tag = tags[key.slice('acs:ResourceTag/'.length)]
      return tag !== undefined && values.some((value) => test(value, tag))
    })
  return (
    holds(condition?.StringEquals ?? {}, (value, tag) => value === tag) &&
    holds(condition?.StringLike ?? {}, (value, tag) => matches(value, tag, '*?'))
  )
}

/** `*` stands for any text; `?` for one character, where `wildcards` has it. */
function matches(pattern: string, text: string, wildcards: '*' | '*?'): boolean {
  const source = pattern.replace(/[\\^$.|?*+()[\]{}]/g, (char) => {
    if (char === '*') return '[^]*'
    return char === '?' && wildcards === '*?' ? '[^]' : `\\${char}`
  })
  return new RegExp(`^${source}$`).test(text)
}
