// Rules that are sound, and may not mean what they were written for.
import { isWeaker, mayOverlap } from '#core/lint-rules.ts'
import type { Policy, Rule } from '#core/policy.ts'
import { membersOf } from '#core/principals.ts'
import { toList } from './say-rule.ts'

/** As sentences. */
export function findLooksAtRules(policy: Policy): readonly string[] {
  return [
    ...hoursOfNoZone(policy),
    ...zoneWithSign(policy),
    ...policy.rules.flatMap((rule) => [...easierByTags(policy, rule), ...oneForAll(policy, rule)]),
  ]
}

function hoursOfNoZone({ timeZone, rules }: Policy): readonly string[] {
  const timed = rules.filter(({ hours }) => hours !== undefined).map(({ name }) => name)
  if (timed.length === 0 || timeZone !== 'UTC') return []
  return [`The hours of ${toList(timed, 'and')} are those of UTC. If that is what you mean, write timeZone: Etc/UTC.`]
}

function zoneWithSign({ timeZone }: Policy): readonly string[] {
  const [, sign, hours] = /^Etc\/GMT([+-])([1-9]\d*)$/.exec(timeZone) ?? []
  if (sign === undefined) return []
  const side = sign === '+' ? 'behind UTC, not ahead of it' : 'ahead of UTC, not behind it'
  return [`In ${timeZone} the clocks are ${hours} h ${side}: the sign in its name is the other way round.`]
}

/** A rule with more tags is never easier: that is refused. One with fewer, or with others, may be. */
function easierByTags(policy: Policy, rule: Rule): readonly string[] {
  const easier = policy.rules.filter(
    (other) => !hasSameTags(other, rule) && mayOverlap(other, rule) && isWeaker(policy, other, rule),
  )
  if (easier.length === 0) return []
  const names = easier.map(({ name }) => name)
  return [
    `Only tags keep ${toList(names, 'and')} from what rule ${rule.name} is for: whoever may change them gets it with less, or from others.`,
  ]
}

function hasSameTags(one: Rule, other: Rule): boolean {
  const [left, right] = [one.instances.tags, other.instances.tags]
  const names = Object.keys(left)
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name])
}

function oneForAll(policy: Policy, { name, approvals, approvers, oneOfEach = [] }: Rule): readonly string[] {
  if (approvals > 1 || oneOfEach.length < 2) return []
  return approvers
    .filter((person) => oneOfEach.every((group) => membersOf(policy, [group]).includes(person)))
    .map((person) => `${person} alone is enough for ${toList(oneOfEach, 'and')} in rule ${name}; add approvals: 2.`)
}
