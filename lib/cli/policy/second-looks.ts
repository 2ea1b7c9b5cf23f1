// What is sound in a policy and still worth a second look.
import { DAY } from '#core/durations.ts'
import { isKeyValid } from '#core/key.ts'
import type { Policy, Rule } from '#core/policy.ts'
import { keysOf, membersOf } from '#core/principals.ts'
import { eligibleApprovers, neededApprovals } from '#core/rule.ts'
import { toReadableInstant } from '#core/words.ts'
import { kindOfKey } from './say-principals.ts'
import { toList } from './say-rule.ts'
import { findLooksAtChats } from './second-looks-at-chats.ts'
import { findLooksAtReceivers } from './second-looks-at-receivers.ts'
import { findLooksAtRules } from './second-looks-at-rules.ts'

const SOON = 30 * DAY

/** As sentences. `now` is epoch ms. */
export function findSecondLooks(policy: Policy, now: number): readonly string[] {
  const example = 'It is marked as an example: its keys belong to nobody, and a deploy build refuses it.'
  return [
    ...(policy.example ? [example] : []),
    ...[...Object.keys(policy.people), ...Object.keys(policy.machines)].flatMap((name) =>
      endingKeys(policy, name, now),
    ),
    ...Object.keys(policy.people).flatMap((name) => unable(policy, name, now)),
    ...Object.keys(policy.people).flatMap((name) => idle(policy, name)),
    ...[...Object.keys(policy.machines), ...Object.keys(policy.schedules)].flatMap((name) => refused(policy, name)),
    ...policy.rules.flatMap((rule, index) => [...unreached(policy, rule, index), ...tooFewNow(policy, rule, now)]),
    ...findLooksAtRules(policy),
    ...findLooksAtChats(policy),
    ...findLooksAtReceivers(policy),
    ...policy.freezes.filter(({ until }) => until <= now).map(({ name }) => `Freeze ${name} is over.`),
  ]
}

function endingKeys(policy: Policy, name: string, now: number): readonly string[] {
  return keysOf(policy, name)
    .filter(({ until }) => until > now && until <= now + SOON)
    .map((key) => `A ${kindOfKey(key)} key of ${name} ends ${toReadableInstant(key.until)}.`)
}

function unable(policy: Policy, name: string, now: number): readonly string[] {
  const keys = keysOf(policy, name)
  if (keys.length === 0) return [`${name} has no key, so nothing that ${name} says counts.`]
  if (keys.some((key) => isKeyValid(key, now))) return []
  return [`${name} has no key that is valid now.`]
}

function idle(policy: Policy, name: string): readonly string[] {
  const named = policy.rules.some((rule) => [rule.requesters, rule.approvers, rule.mayCancel].flat().includes(name))
  const behind = [
    ...Object.values(policy.machines).flatMap(({ mayActFor }) => mayActFor),
    ...Object.values(policy.schedules).map(({ owner }) => owner),
    ...policy.mayRead,
  ]
  return named || behind.includes(name) ? [] : [`${name} is in no rule.`]
}

function refused(policy: Policy, name: string): readonly string[] {
  const asks = policy.rules.some(({ requesters }) => requesters.includes(name))
  return asks ? [] : [`No rule lets ${name} ask: whatever it asks is refused.`]
}

/** Each of its requesters already has an earlier rule for all of its instances. */
function unreached({ rules }: Policy, rule: Rule, index: number): readonly string[] {
  const earlier = rules.slice(0, index).filter((each) => coversInstances(each, rule))
  const covered = rule.requesters.every((name) => earlier.some(({ requesters }) => requesters.includes(name)))
  if (!covered) return []
  return [
    `Rule ${rule.name} never applies: ${earlier.map(({ name }) => name).join(' and ')} before it covers all of it.`,
  ]
}

function coversInstances({ instances: wide }: Rule, { instances: narrow }: Rule): boolean {
  const covers = (all: readonly string[] | undefined, some: readonly string[] | undefined): boolean =>
    all === undefined || (some !== undefined && some.every((each) => all.includes(each)))
  return (
    covers(wide.accounts, narrow.accounts) &&
    covers(wide.regions, narrow.regions) &&
    covers(wide.ids, narrow.ids) &&
    Object.entries(wide.tags).every(([key, value]) => narrow.tags[key] === value)
  )
}

/** By how many yeses it takes: a machine with nobody behind it needs more than a person, and nobody says yes to oneself. */
function tooFewNow(policy: Policy, rule: Rule, now: number): readonly string[] {
  const able = rule.approvers.filter((approver) => keysOf(policy, approver).some((key) => isKeyValid(key, now)))
  const lacks = rule.requesters.flatMap((principal) => {
    const onBehalfOf = policy.schedules[principal]?.owner
    const requester = { principal, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) }
    const needed = neededApprovals(policy, rule, requester, false)
    const count = eligibleApprovers({ approvers: able }, requester).length
    return count >= needed ? [] : [{ principal, lack: `${needed}, and ${sayFew(count)} a key that is valid now` }]
  })
  const groups = (rule.oneOfEach ?? []).filter(
    (group) => !membersOf(policy, [group]).some((name) => able.includes(name)),
  )
  return [
    ...[...new Set(lacks.map(({ lack }) => lack))].map((lack) => {
      const who = lacks.filter((each) => each.lack === lack).map(({ principal }) => principal)
      const when = who.length === rule.requesters.length ? '' : `, when ${toList(who, 'or')} asks,`
      return `Rule ${rule.name}${when} needs ${lack}.`
    }),
    ...groups.map(
      (group) => `Rule ${rule.name} needs a yes of ${group}, and nobody there has a key that is valid now.`,
    ),
  ]
}

function sayFew(count: number): string {
  if (count === 0) return 'none of its approvers has'
  return `only ${count} of its approvers ${count === 1 ? 'has' : 'have'}`
}
