import type { Policy } from '#core/policy.ts'

export interface DoctorTarget {
  readonly regionId: string
  readonly instanceId: string
}

/** More would not say more. */
const MOST = 20

/**
 * The instances that a dry run is tried on: those that were named, and those that the policy names. Rules by tags name
 * none.
 */
export function findTargets(
  policy: Policy,
  named: readonly string[],
  own: { readonly accountId: string; readonly regionId: string },
): readonly DoctorTarget[] {
  const { accountId, regionId } = own
  const ofRules = policy.rules
    .filter(({ instances }) => instances.accounts?.includes(accountId) ?? true)
    .flatMap(({ instances: { ids = [], regions = [regionId] } }) => {
      const region = regions.includes(regionId) ? [regionId] : regions.slice(0, 1)
      return ids.flatMap((instanceId) => region.map((each) => ({ regionId: each, instanceId })))
    })
  const others = [...Object.values(policy.schedules).map(({ ask }) => ask), ...Object.values(policy.aliases)]
    .filter((each) => (each.accountId ?? accountId) === accountId)
    .map((each) => ({ regionId: each.regionId ?? regionId, instanceId: each.instanceId }))
  const all = [...named.map((instanceId) => ({ regionId, instanceId })), ...ofRules, ...others]
  return [...new Map(all.map((each) => [each.instanceId, each])).values()].slice(0, MOST)
}
