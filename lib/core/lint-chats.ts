// Identities and receivers that nobody would be reached by, or that two people would be known by.
import { fromIdentity, toIdentity } from './chat.ts'
import { findRepeats } from './lint-repeats.ts'
import { findTenant } from './policy-chats.ts'
import type { PolicyFault } from './policy-lint.ts'
import type { PolicyDocument } from './policy.ts'
import { LOG_TARGET } from './targets.ts'
import { platformSchema } from './words.ts'

export function lintChats(policy: PolicyDocument): readonly PolicyFault[] {
  const places = Object.entries(policy.people).flatMap(([name, { chat }]) =>
    chat.map((value, index) => ({ path: ['people', name, 'chat', String(index)], value })),
  )
  return [
    ...findRepeats(places).map(({ path, value, first }) => {
      const people = new Set([first, path].map(([, name]) => String(name)))
      const cause = `${value} is written down twice, for ${[...people].join(' and ')}`
      return { path, cause, cure: 'one identity belongs to one person, once' }
    }),
    ...places.flatMap(({ path, value }) => lintIdentity(policy, value).map((fault) => ({ path, ...fault }))),
    ...lintReceivers(policy),
  ]
}

type ChatFault = Pick<PolicyFault, 'cause' | 'cure'>

function lintIdentity({ chats }: PolicyDocument, identity: string): readonly ChatFault[] {
  const person = fromIdentity(identity)
  const { platform } = person
  const tenant = findTenant(chats, platform)
  if (tenant === undefined) return [notConnected(platform)]
  if (tenant === person.tenant) return []
  return [
    {
      cause: `${person.tenant} is not the organisation that chats.${platform} names`,
      cure: `an identity there looks like ${toIdentity({ platform, tenant, user: person.user })}`,
    },
  ]
}

function lintReceivers({ chats, receivers }: PolicyDocument): readonly PolicyFault[] {
  return Object.entries(receivers).flatMap(([name, receiver]) => {
    if (name === LOG_TARGET) return [{ path: ['receivers', name], ...LOG_IS_TAKEN }]
    if (!('group' in receiver)) return []
    const platform = platformSchema.parse(receiver.group.split('/')[0])
    const connected = findTenant(chats, platform) !== undefined
    return connected ? [] : [{ path: ['receivers', name, 'group'], ...notConnected(platform) }]
  })
}

const LOG_IS_TAKEN: ChatFault = {
  cause: `${LOG_TARGET} is the log of the gate, which hears of every request`,
  cure: 'give the receiver another name',
}

function notConnected(platform: string): ChatFault {
  return { cause: `${platform} is not connected`, cure: `add ${platform} to chats, or remove this` }
}
