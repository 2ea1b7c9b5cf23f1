// Role policies with something taken away, to show that every grant is needed.

import type { PolicyDocument } from '#infra/local/ram-policy.ts'

export interface Grant {
  readonly action: string
  readonly resource: string
}

/** Everything that a policy allows, one action on one resource each. */
export function grantsOf(policy: PolicyDocument): readonly Grant[] {
  return policy.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => Resource.map((resource) => ({ action, resource }))),
  )
}

/**
 * The policy without one action: on every resource, or on the one that is named. Conditions stay.
 * Throws when the policy does not grant it.
 */
export function withoutAction(policy: PolicyDocument, action: string, resource?: string): PolicyDocument {
  const isTaken = (grant: Grant) => grant.action === action && (resource === undefined || grant.resource === resource)
  if (!grantsOf(policy).some(isTaken))
    throw new Error(`the policy does not grant ${action} on ${resource ?? 'anything'}`)
  const Statement = policy.Statement.flatMap((statement) =>
    statement.Effect === 'Deny'
      ? [statement]
      : statement.Resource.map((only) => ({
          ...statement,
          Resource: [only],
          Action: statement.Action.filter((candidate) => !isTaken({ action: candidate, resource: only })),
        })).filter(({ Action }) => Action.length > 0),
  )
  return { ...policy, Statement }
}
