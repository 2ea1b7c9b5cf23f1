import { expect, test } from 'vitest'
import { findChatPrincipal, fromIdentity, toIdentity } from '#core/chat.ts'
import { aPolicy, aPolicyDocument } from '#support/samples.ts'

test('somebody is who the policy says, by platform, organisation and id', () => {
  const people = aPolicyDocument()['people'] as Readonly<Record<string, object>>
  const bob = { ...people['bob'], chat: ['feishu:tk/ou_b', 'slack:T1/UB'] }
  const chats = { slack: { team: 'T1', app: 'A1' }, feishu: { tenant: 'tk', app: 'cli_1' } }
  const policy = aPolicy({ people: { ...people, bob }, chats })
  const find = (identity: string): string | undefined => findChatPrincipal(policy, fromIdentity(identity))

  expect(['slack:T1/UB', 'feishu:tk/ou_b'].map(find)).toEqual(['bob', 'bob'])
  expect(['slack:T2/UB', 'slack:T1/UC', 'dingtalk:T1/UB', 'feishu:tk/UB'].map(find)).toEqual(Array(4).fill(undefined))
  expect(toIdentity(fromIdentity('slack:T1/UB'))).toBe('slack:T1/UB')
})
