import { describe, expect, test } from 'vitest'
import { parseAsks } from '#core/asks.ts'
import type { Proposal } from '#core/proposal.ts'
import { buttonsAt, findTargets, findTargetsOf, findWebhook, toAddress } from '#core/targets.ts'
import { approved, aPolicy, aPolicyDocument, aProposal, aRule, aStream, requested, someAsks } from '#support/samples.ts'

const CHATS = { slack: { team: 'T1', app: 'A1' }, feishu: { tenant: 'tk', app: 'cli_1' } }

const people = (chat: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, object>> =>
  Object.fromEntries(
    Object.entries(aPolicyDocument()['people'] as Readonly<Record<string, object>>).map(([name, person]) => [
      name,
      { ...person, tell: [], chat: chat[name] ?? [] },
    ]),
  )

const askedBy = (requester: Partial<Proposal['request']['requester']>) =>
  someAsks(aProposal({ request: { requester } }))

function askedIn(from: string) {
  const proposal = aProposal()
  const { body, ...row } = requested(proposal)
  const at = { book: 'asks', stream: proposal.request.id } as const
  return parseAsks(aStream(at, [{ ...row, body: { ...(body as object), from } }]))
}

describe('findTargets', () => {
  test('the log, the requester’s receivers and the rule’s', () => {
    const proposal = aProposal()

    for (const asks of [someAsks(proposal), someAsks(proposal, [approved(proposal, 'bob')])])
      expect(findTargets(aPolicy(), asks)).toEqual(['log', 'alice-desk', 'ops-room'])
  })

  test('a machine’s and those of the person behind it, each once', () => {
    const policy = aPolicy({ machines: { 'deploy-bot': { tell: ['ops-room'] } } })

    expect(findTargets(policy, askedBy({ principal: 'deploy-bot', onBehalfOf: 'alice' }))).toEqual([
      'log',
      'ops-room',
      'alice-desk',
    ])
  })

  test('those of the person to whom a schedule belongs', () => {
    expect(findTargets(aPolicy(), askedBy({ principal: 'nightly', via: 'timer' }))).toEqual([
      'log',
      'alice-desk',
      'ops-room',
    ])
  })

  test('nobody behind it is nobody, also where somebody is named undefined', () => {
    const policy = aPolicy({ people: { ...people({}), undefined: { tell: ['ops-room'] } }, rules: [aRule()] })

    expect(findTargets(policy, someAsks(aProposal()))).toEqual(['log'])
    const alice = { ...(people({})['alice'] as object), tell: ['alice-desk'] }
    const told = aPolicy({ people: { ...people({}), alice, undefined: { tell: ['ops-room'] } }, rules: [aRule()] })
    expect(findTargets(told, someAsks(aProposal()))).toEqual(['log', 'alice-desk'])
  })

  test('a rule that is gone tells nobody', () => {
    const proposal = aProposal({ rule: { name: 'gone' }, request: { requester: { principal: 'bob' } } })

    expect(findTargets(aPolicy(), someAsks(proposal))).toEqual(['log'])
  })

  test('groups among the receivers; who asked and who may approve, each alone at the first of their identities', () => {
    const policy = aPolicy({
      chats: CHATS,
      people: people({ alice: ['slack:T1/UA', 'feishu:tk/ou_a'], bob: ['feishu:tk/ou_b'], dave: ['slack:T1/UD'] }),
      receivers: { team: { group: 'slack/C1' } },
      rules: [aRule({ tell: ['team'] })],
    })

    expect(findTargets(policy, someAsks(aProposal()))).toEqual([
      'log',
      'slack/group/C1',
      'slack/person/UA',
      'feishu/person/ou_b',
    ])
    expect(findTargets(policy, askedBy({ principal: 'deploy-bot', onBehalfOf: 'dave' }))).toContain('slack/person/UD')
  })

  test('the group in which it was asked, once where it is a receiver too', () => {
    const policy = aPolicy({
      chats: CHATS,
      people: people({}),
      receivers: { team: { group: 'slack/C1' } },
      rules: [aRule({ tell: ['team'] })],
    })

    expect(findTargets(policy, askedIn('slack/group/C1'))).toEqual(['log', 'slack/group/C1'])
    expect(findTargets(policy, askedIn('feishu/group/oc_9'))).toEqual(['log', 'slack/group/C1', 'feishu/group/oc_9'])
    expect(findTargets(policy, askedIn('nowhere'))).toEqual(['log', 'slack/group/C1'])
    expect(findTargets(policy, askedIn('dingtalk/group/not-connected'))).toEqual(['log', 'slack/group/C1'])
  })

  test('where who asked is alone with the robot, also at another of their identities', () => {
    const policy = aPolicy({
      chats: CHATS,
      people: people({ alice: ['slack:T1/UA', 'feishu:tk/ou_a'], bob: ['feishu:tk/ou_b', 'slack:T1/UB'] }),
      receivers: {},
      rules: [aRule()],
    })
    const own = ['slack/person/UA', 'feishu/person/ou_b']

    expect(findTargets(policy, askedIn('slack/person/UA'))).toEqual(['log', ...own])
    expect(findTargets(policy, askedIn('feishu/person/ou_a'))).toEqual(['log', 'feishu/person/ou_a', ...own])
    // An identity that is not, or no longer, that of who asked.
    expect(findTargets(policy, askedIn('feishu/person/ou_x'))).toEqual(['log', ...own])
    expect(findTargets(policy, askedIn('slack/person/UB'))).toEqual(['log', ...own])
  })

  test('of a stream without a request there are none', () => {
    expect(() => findTargets(aPolicy(), parseAsks([]))).toThrow(TypeError)
  })
})

describe('findWebhook', () => {
  const policy = aPolicy({
    chats: CHATS,
    receivers: { team: { group: 'slack/C1' }, tool: { url: 'https://tool.example.com', states: ['running'] } },
    people: people({}),
    rules: [aRule({ tell: ['team', 'tool'] })],
  })

  test('is a receiver with an address', () => {
    expect(findWebhook(policy, 'tool')).toEqual({ url: 'https://tool.example.com', states: ['running'] })
    expect(['team', 'nobody', 'log', 'toString'].map((name) => findWebhook(policy, name))).toEqual(
      Array(4).fill(undefined),
    )
  })
})

describe('buttonsAt', () => {
  const policy = aPolicy({
    chats: CHATS,
    people: people({ alice: ['slack:T1/UA', 'slack:T1/UA2'], bob: ['slack:T1/UB'] }),
  })

  test.each([
    ['person', 'UA', 'look'],
    ['person', 'UA2', 'look'],
    ['person', 'UB', 'decide'],
    ['group', 'C1', 'decide'],
    // The id of a group is not that of a person.
    ['group', 'UA', 'decide'],
  ] as const)('%s %s can %s', (kind, id, buttons) => {
    expect(buttonsAt(policy, aProposal(), { platform: 'slack', kind, id })).toBe(buttons)
  })

  test('the person behind a schedule looks', () => {
    const proposal = aProposal({ request: { requester: { principal: 'nightly', via: 'timer' } } })

    expect(buttonsAt(policy, proposal, { platform: 'slack', kind: 'person', id: 'UA' })).toBe('look')
  })
})

test('toAddress: nobody is written to who is not in the policy', () => {
  expect(['mallory', 'constructor'].map((name) => toAddress(aPolicy(), name))).toEqual([[], []])
})

describe('findTargetsOf', () => {
  const policy = aPolicy({
    chats: CHATS,
    people: {
      ...people({ alice: ['slack:T1/UA'] }),
      bob: { ...(people({})['bob'] as object), chat: ['feishu:tk/ou_b'], tell: ['tool', 'team'] },
    },
    receivers: { team: { group: 'slack/C1' }, tool: { url: 'https://tool.example.com' } },
    rules: [aRule()],
  })

  test.each([
    ['bob', ['tool', 'slack/group/C1', 'feishu/person/ou_b']],
    ['alice', ['slack/person/UA']],
    ['mallory', []],
  ])('%s hears at %j', (name, targets) => {
    expect(findTargetsOf(policy, name)).toEqual(targets)
  })
})
