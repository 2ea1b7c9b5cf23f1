import { describe, expect, test } from 'vitest'
import { parsePolicy } from '#core/policy.ts'
import { aPolicyDocument } from '#support/samples.ts'

const CHATS = {
  slack: { team: 'T0123', app: 'A0456' },
  feishu: { tenant: '2ed263bf32cf1651', app: 'cli_a1b2c3' },
  dingtalk: { corp: 'ding0123', app: 'dinga1', robot: 'dinga1', template: 'card.schema', route: 'startgate' },
}

interface Change {
  readonly chats?: object
  readonly chat?: Readonly<Record<string, readonly string[]>>
  readonly groups?: readonly string[]
}

/** As `path | cause | cure`, one line each. */
function say({ chats = CHATS, chat = {}, groups = [] }: Change): readonly string[] {
  const document = aPolicyDocument()
  const people = document['people'] as Readonly<Record<string, object>>
  const parsed = parsePolicy({
    ...document,
    chats,
    people: {
      ...people,
      ...Object.fromEntries(Object.entries(chat).map(([name, ids]) => [name, { ...people[name], chat: ids }])),
    },
    receivers: {
      ...(document['receivers'] as object),
      ...Object.fromEntries(groups.map((group, n) => [`room-${n}`, { group }])),
    },
  })
  return parsed.ok ? [] : parsed.faults.map(({ path, cause, cure }) => `${path.join('.')} | ${cause} | ${cure}`)
}

describe('identities', () => {
  test('are sound on every platform that is connected', () => {
    const chat = {
      alice: ['slack:T0123/U1', 'feishu:2ed263bf32cf1651/ou_1', 'dingtalk:ding0123/manager7'],
      bob: ['slack:T0123/U2'],
    }

    expect(say({ chat, groups: ['slack/C1', 'feishu/oc_1', 'dingtalk/cidA=='] })).toEqual([])
  })

  test('belong to one person', () => {
    expect(say({ chat: { alice: ['slack:T0123/U1'], bob: ['slack:T0123/U1'] } })).toEqual([
      'people.bob.chat.0 | slack:T0123/U1 is written down twice, for alice and bob | one identity belongs to one person, once',
    ])
  })

  test('stand there once', () => {
    expect(say({ chat: { alice: ['slack:T0123/U1', 'slack:T0123/U1'] } })).toEqual([
      'people.alice.chat.1 | slack:T0123/U1 is written down twice, for alice | one identity belongs to one person, once',
    ])
  })

  test('are those of a platform that is connected', () => {
    expect(say({ chats: { slack: CHATS.slack }, chat: { alice: ['slack:T0123/U1', 'feishu:t1/ou_1'] } })).toEqual([
      'people.alice.chat.1 | feishu is not connected | add feishu to chats, or remove this',
    ])
  })

  test.each([
    ['slack:T9/U1', 'T9', 'slack', 'slack:T0123/U1'],
    ['feishu:t9/ou_1', 't9', 'feishu', 'feishu:2ed263bf32cf1651/ou_1'],
    ['dingtalk:ding9/m7', 'ding9', 'dingtalk', 'dingtalk:ding0123/m7'],
  ])('are those of the organisation that is connected: %s', (identity, tenant, platform, right) => {
    expect(say({ chat: { alice: [identity] } })).toEqual([
      `people.alice.chat.0 | ${tenant} is not the organisation that chats.${platform} names | an identity there looks like ${right}`,
    ])
  })
})

describe('groups that are told', () => {
  test('are on a platform that is connected', () => {
    expect(say({ chats: { slack: CHATS.slack }, groups: ['slack/C1', 'dingtalk/cid1', 'feishu/oc_1'] })).toEqual([
      'receivers.room-1.group | dingtalk is not connected | add dingtalk to chats, or remove this',
      'receivers.room-2.group | feishu is not connected | add feishu to chats, or remove this',
    ])
  })

  test('are none that the log would be taken for', () => {
    const document = aPolicyDocument()
    const receivers = { ...(document['receivers'] as object), log: { url: 'https://ops.example.com/startgate' } }
    expect(parsePolicy({ ...document, receivers })).toEqual({
      ok: false,
      faults: [
        {
          path: ['receivers', 'log'],
          cause: 'log is the log of the gate, which hears of every request',
          cure: 'give the receiver another name',
        },
      ],
    })
  })
})
