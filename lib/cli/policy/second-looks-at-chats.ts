// Who is waited for, and would never hear of it, in a policy whose people chat.
import type { Policy, Rule } from '#core/policy.ts'
import { toList } from './say-rule.ts'

/** As sentences. */
export function findLooksAtChats(policy: Policy): readonly string[] {
  if (Object.keys(policy.chats).length === 0) return []
  return [...policy.rules.flatMap((rule) => unheard(policy, rule)), ...unused(policy)]
}

function unheard(policy: Policy, { name, approvers, tell }: Rule): readonly string[] {
  if (tell.length > 0) return []
  const silent = approvers.filter((approver) => policy.people[approver]?.chat.length === 0)
  if (silent.length === 0) return []
  const have = silent.length === 1 ? 'has' : 'have'
  return [
    `Rule ${name} tells no receiver, and ${toList(silent, 'and')} ${have} no chat: nobody lets them know that a yes is needed.`,
  ]
}

function unused({ chats, people }: Policy): readonly string[] {
  const identities = Object.values(people).flatMap(({ chat }) => chat)
  return Object.keys(chats)
    .filter((platform) => !identities.some((identity) => identity.startsWith(`${platform}:`)))
    .map((platform) => `${platform} is connected, and nobody in people has an identity there: nobody can ask there.`)
}
