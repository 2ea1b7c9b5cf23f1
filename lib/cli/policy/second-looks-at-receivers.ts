// Receivers that hear nothing, hear it twice, or hear it where others can, and ids that are of another kind than they should be.
import { isLoopback } from '#core/loopback.ts'
import { fromIdentity } from '#core/chat.ts'
import type { Policy } from '#core/policy.ts'
import { platformSchema, type Platform } from '#core/words.ts'
import { toList } from './say-rule.ts'

interface Form {
  readonly pattern: RegExp
  readonly says: string
}

/** How the ids of people begin on each platform; on DingTalk an organisation chooses them. */
const PEOPLE: Readonly<Record<Platform, Form | undefined>> = {
  dingtalk: undefined,
  feishu: { pattern: /^ou_/, says: 'the open id of a Feishu user begins with ou_' },
  slack: { pattern: /^[UW][A-Z0-9]+$/, says: 'the id of a Slack user begins with U or W, in capitals' },
}
const GROUPS: Readonly<Record<Platform, Form>> = {
  dingtalk: { pattern: /^cid/, says: 'the id of a DingTalk group begins with cid' },
  feishu: { pattern: /^oc_/, says: 'the id of a Feishu group begins with oc_' },
  slack: { pattern: /^[CG][A-Z0-9]+$/, says: 'the id of a Slack channel begins with C or G, in capitals' },
}

/** As sentences. */
export function findLooksAtReceivers(policy: Policy): readonly string[] {
  return [...oddPeople(policy), ...oddGroups(policy), ...sameGroups(policy), ...inTheClear(policy), ...unnamed(policy)]
}

function oddPeople({ people }: Policy): readonly string[] {
  return Object.entries(people).flatMap(([name, { chat }]) =>
    chat.flatMap((identity) => {
      const { platform, user } = fromIdentity(identity)
      const form = PEOPLE[platform]
      if (form === undefined || form.pattern.test(user)) return []
      return [`${identity} of ${name} will hardly be heard: ${form.says}.`]
    }),
  )
}

function oddGroups(policy: Policy): readonly string[] {
  return listGroups(policy).flatMap(({ name, group }) => {
    const [platform, id = ''] = group.split('/')
    const form = GROUPS[platformSchema.parse(platform)]
    return form.pattern.test(id) ? [] : [`Receiver ${name} will hardly be reached in ${group}: ${form.says}.`]
  })
}

function sameGroups(policy: Policy): readonly string[] {
  const groups = listGroups(policy)
  return [...new Set(groups.map(({ group }) => group))].flatMap((group) => {
    const names = groups.filter((each) => each.group === group).map(({ name }) => name)
    return names.length < 2
      ? []
      : [`Receivers ${toList(names, 'and')} are one group: it gets one card, and one name will do.`]
  })
}

function listGroups({ receivers }: Policy) {
  return Object.entries(receivers).flatMap(([name, receiver]) =>
    'group' in receiver ? [{ name, group: receiver.group }] : [],
  )
}

function inTheClear({ receivers }: Policy): readonly string[] {
  return Object.entries(receivers).flatMap(([name, receiver]) => {
    const url = 'url' in receiver ? new URL(receiver.url) : undefined
    if (url?.protocol !== 'http:' || isLoopback(url.hostname)) return []
    return [`Receiver ${name} is told over http: whoever is on the way reads what is asked and who may decide.`]
  })
}

function unnamed({ receivers, rules, people, machines }: Policy): readonly string[] {
  const told = [...rules, ...Object.values(people), ...Object.values(machines)].flatMap(({ tell }) => tell)
  return Object.keys(receivers)
    .filter((name) => !told.includes(name))
    .map((name) => `No tell names receiver ${name}: it hears of nothing.`)
}
