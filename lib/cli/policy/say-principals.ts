// Who is in a policy, and what each of them holds, in one line each.
import type { Key } from '#core/key.ts'
import type { Policy } from '#core/policy.ts'
import { toReadableInstant } from '#core/words.ts'
import type { Field } from '#lib/cli/print.ts'

export type KeyKind = 'JWK' | 'SSH' | 'security key' | 'passkey'

export function kindOfKey({ ssh, passkey }: Key): KeyKind {
  if (passkey !== undefined) return 'passkey'
  if (ssh === undefined) return 'JWK'
  return ssh.type.startsWith('sk-') ? 'security key' : 'SSH'
}

/** Titles, and below each what there is of it. What the policy has none of is left out. */
export function sayPrincipals(
  policy: Policy,
): readonly { readonly title: string; readonly fields: readonly Field[] }[] {
  const { people, machines, schedules, groups, aliases, freezes, receivers, chats } = policy
  const sections = [
    { title: 'People', fields: toFields(people, ({ keys, chat }) => [sayKeys(keys), ...chat].join('; ')) },
    { title: 'Groups', fields: toFields(groups, (members) => members.join(', ')) },
    { title: 'Machines', fields: toFields(machines, sayMachine) },
    {
      title: 'Schedules',
      fields: toFields(schedules, ({ owner, ask }) => `asks for ${ask.instanceId} on behalf of ${owner}`),
    },
    { title: 'Chats', fields: toFields(chats, (chat) => sayMembers({ ...chat })) },
    { title: 'Receivers', fields: toFields(receivers, sayReceiver) },
    {
      title: 'Aliases',
      fields: toFields(aliases, ({ instanceId, regionId, accountId }) =>
        [
          instanceId,
          ...(regionId === undefined ? [] : [`in ${regionId}`]),
          ...(accountId === undefined ? [] : [`of account ${accountId}`]),
        ].join(' '),
      ),
    },
    {
      title: 'Freezes',
      fields: freezes.map(({ name, from, until, rules }) => ({
        label: name,
        value: `${toReadableInstant(from)} to ${toReadableInstant(until)}, ${rules === undefined ? 'every rule' : rules.join(', ')}`,
      })),
    },
  ]
  return sections.filter(({ fields }) => fields.length > 0)
}

function toFields<Value>(record: Readonly<Record<string, Value>>, say: (value: Value) => string): readonly Field[] {
  return Object.entries(record).map(([label, value]) => ({ label, value: say(value) }))
}

function sayMembers(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function sayReceiver(receiver: Policy['receivers'][string]): string {
  if ('group' in receiver) return `the group ${receiver.group}`
  const { url, states } = receiver
  return states === undefined ? url : `${url}, for ${states.join(', ')}`
}

function sayMachine({ keys, webhook, mayActFor }: Policy['machines'][string]): string {
  const v1a = webhook === undefined || webhook.v1a.length === 0 ? [] : ['webhooks with keys of its own']
  return [
    ...(keys.length === 0 ? [] : [sayKeys(keys)]),
    ...(webhook?.v1 === true ? ['webhooks with a secret'] : []),
    ...v1a,
    ...(mayActFor.length === 0 ? [] : [`may act for ${mayActFor.join(', ')}`]),
  ].join('; ')
}

function sayKeys(keys: readonly Key[]): string {
  return keys.length === 0 ? 'no key' : keys.map(sayKey).join('; ')
}

function sayKey(key: Key): string {
  const from = key.from === 0 ? '' : ` from ${toReadableInstant(key.from)}`
  const until = key.until === Number.MAX_SAFE_INTEGER ? '' : ` until ${toReadableInstant(key.until)}`
  return `${kindOfKey(key)} ${key.kid.slice(0, 8)}…${from}${until}`
}
