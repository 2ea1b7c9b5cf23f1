// A rule of the policy in a few plain sentences.
import type { Hours } from '#core/calendar-form.ts'
import type { Policy, Rule } from '#core/policy.ts'
import { kindOf, membersOf } from '#core/principals.ts'
import { toHumane } from '#lib/cli/print.ts'

/** One sentence each. */
export function sayRule(policy: Policy, rule: Rule): readonly string[] {
  return [
    `${toList(rule.requesters, 'and')} may ask for ${sayInstances(rule.instances)}.`,
    sayApprovals(policy, rule),
    ...sayMachines(policy, rule),
    `A request is good for ${toHumane(rule.validFor)}, for ${rule.attempts === 1 ? 'one attempt' : `${rule.attempts} attempts`} at most.`,
    ...(rule.hours === undefined
      ? []
      : [`Starts wait for ${toList(rule.hours.map(sayHours), 'or')} (${policy.timeZone}).`]),
    ...(rule.mayInitLocalDisk ? ['Local disks may be wiped: with two approvals, one of them by one’s own tool.'] : []),
    ...(rule.mayCancel.length > 0 ? [`${toList(rule.mayCancel, 'and')} may cancel too.`] : []),
    ...(rule.tell.length > 0
      ? [`${toList(rule.tell, 'and')} ${rule.tell.length === 1 ? 'hears' : 'hear'} of it.`]
      : []),
  ]
}

export function toList(words: readonly string[], joint: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`
}

export function sayYes(approvals: number, approvers: readonly string[]): string {
  if (approvals === approvers.length) return `${toList(approvers, 'and')} must say yes`
  if (approvals === 1) return `${toList(approvers, 'or')} must say yes`
  return `${approvals} of ${toList(approvers, 'and')} must say yes`
}

export function sayTags(tags: Readonly<Record<string, string>>): string {
  return toList(
    Object.entries(tags).map(([key, value]) => `${key}=${value}`),
    'and',
  )
}

function sayInstances({ accounts, regions, ids, tags }: Rule['instances']): string {
  return [
    ids === undefined ? 'any instance' : toList(ids, 'or'),
    ...(regions === undefined ? [] : [`in ${toList(regions, 'or')}`]),
    ...(accounts === undefined ? [] : [`of account ${toList(accounts, 'or')}`]),
    ...(Object.keys(tags).length === 0 ? [] : [`with the tag ${sayTags(tags)}`]),
  ].join(' ')
}

function sayApprovals(policy: Policy, { approvals, approvers, oneOfEach = [], tool }: Rule): string {
  const groups = oneOfEach.map((group) => `${group} (${membersOf(policy, [group]).join(', ')})`)
  const each = groups.length === 0 ? '' : `, and among them one from ${toList(groups, 'and')}`
  const own = tool === 'own-tool' ? ', at least one with one’s own tool and not on the page' : ''
  return `${sayYes(approvals, approvers)}${each}${own}.`
}

/** With nobody behind them they need one approval more, where the rule is content with one. */
function sayMachines(policy: Policy, { requesters, approvals, machinesAlone }: Rule): readonly string[] {
  const machines = requesters.filter((name) => kindOf(policy, name) === 'machine')
  if (machines.length === 0 || approvals > 1) return []
  const who = `${toList(machines, 'and')} with nobody behind ${machines.length === 1 ? 'it' : 'them'}`
  return [machinesAlone === undefined ? `For ${who}, two of them must.` : `For ${who}, one of them is enough too.`]
}

function sayHours({ days, from, to }: Hours): string {
  const clock = (minute: number): string =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  return `${days.join(' ')} ${clock(from)}–${clock(to)}`
}
