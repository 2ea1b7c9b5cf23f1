// Judges a deployment: a list of findings, in groups, from what was seen of it.
import { CLOUD_CHECKS } from './check-cloud.ts'
import { FRONT_CHECKS } from './check-front.ts'
import { FUNCTION_CHECKS } from './check-functions.ts'
import { INSTANCE_CHECKS } from './check-instances.ts'
import { ROLE_CHECKS, TABLE_CHECKS } from './check-roles.ts'
import { toFinding, type Check, type Finding } from './finding.ts'
import type { Seen } from './seen.ts'

export interface Group {
  readonly title: string
  readonly findings: readonly Finding[]
}

const GROUPS: readonly { readonly title: string; readonly checks: readonly Check[] }[] = [
  { title: 'Functions', checks: FUNCTION_CHECKS },
  { title: 'Function Compute', checks: CLOUD_CHECKS },
  { title: 'Tables', checks: TABLE_CHECKS },
  { title: 'Roles', checks: [...ROLE_CHECKS, ...INSTANCE_CHECKS] },
  { title: 'Address', checks: FRONT_CHECKS },
]

export function examine(seen: Seen): readonly Group[] {
  return GROUPS.map(({ title, checks }) => ({ title, findings: checks.map((check) => toFinding(check, seen)) }))
}
