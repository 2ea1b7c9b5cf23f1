// Where people are: somebody asks in the team's chat, a card appears, the approver reviews and signs, and the same card
// becomes the outcome. Through the built artifact and the wire protocols of the three platforms.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RequestId } from '#core/request-id.ts'
import type { Platform } from '#core/words.ts'
import type { ChatPeer, Place, Shown, SignedCall } from '#infra/local/chat/peer.ts'
import type { ChatPeers } from '#infra/local/chat/peers.ts'
import { CHAT_SECRETS, createTeamPeers, GROUPS, onPlatform, userOf } from '#support/team-chats.ts'
import { AN_INSTANCE, deploy, type Deployment } from '#support/deployment.ts'

const instances = ['ask', 'lost', 'deny', 'idle'].map((name) => ({ ...AN_INSTANCE, id: `i-bp1${name}0`, name }))

describe.each<Platform>(['slack', 'feishu', 'dingtalk'])('on %s', (platform) => {
  const group: Place = { kind: 'group', id: GROUPS[platform] }
  const user = (name: string): string => userOf(platform, name)
  let peers: ChatPeers
  let peer: ChatPeer
  let deployment: Deployment

  beforeAll(async () => {
    peers = await createTeamPeers()
    peer = peers.peer(platform)
    deployment = await deploy({
      instances,
      policy: (document) => onPlatform(document, platform),
      secrets: { ...CHAT_SECRETS, CHAT_ENDPOINT: peers.endpoint },
    })
  })
  afterAll(async () => {
    await deployment.close()
    await peers.close()
  })

  const send = async ({ path, headers, body }: SignedCall): Promise<number> =>
    (await fetch(`${deployment.url}${path}`, { method: 'POST', headers: { ...headers }, body })).status

  const say = async (name: string, text: string, where: Place = group): Promise<void> =>
    expect(await send(peer.said(user(name), where, text))).toBe(200)

  /** The messages that a place shows and that have this text. */
  const messages = (where: Place, text: string): readonly Shown[] =>
    peer
      .shown()
      .filter(({ where: { kind, id }, text: shown }) => kind === where.kind && id === where.id && shown.includes(text))

  const message = (where: Place, text: string): Promise<Shown> =>
    deployment.until(`${where.id} shows “${text}”`, () => messages(where, text)[0])

  const privately = (name: string): Place => ({ kind: 'person', id: user(name) })

  const requestOf = ({ buttons }: Shown): RequestId => {
    const [id] = /req_[0-9a-f]{32}/.exec(JSON.stringify(buttons)) ?? []
    return id as RequestId
  }

  const outcomeOf = async (instanceId: string): Promise<void> => {
    await say('alice', `start ${instanceId} The monthly report is due`)
    const card = await message(group, instanceId)
    expect(card.text).toContain('The monthly report is due')
    expect(card.text).toContain('alice')
    expect(card.buttons.map(({ kind }) => kind)).toEqual(['link', 'tap'])
    const id = requestOf(card)
    const link = card.buttons.find((button) => button.kind === 'link')
    expect(link?.url).toBe(`${deployment.origin}/r/${id}`)

    await message(privately('bob'), instanceId)
    expect((await deployment.approve(id)).status).toBe(200)
    await deployment.until('the card has become the outcome', () =>
      messages(group, instanceId)[0]?.text.includes('The instance runs') ? true : undefined,
    )
    await deployment.until('the approver sees it too', () =>
      messages(privately('bob'), instanceId)[0]?.text.includes('The instance runs') ? true : undefined,
    )
    expect(messages(group, instanceId)).toHaveLength(1)
    expect(messages(group, instanceId)[0]?.buttons.map(({ kind }) => kind)).toEqual(['link'])
    expect(deployment.cloud.ecs.instances.starts(instanceId)).toHaveLength(1)

    const record = JSON.stringify(await deployment.receipt(id))
    for (const secret of Object.values(CHAT_SECRETS)) expect(record).not.toContain(secret)
    expect(record).toContain(`${platform}/person/${user('bob')}`)
  }

  test('asked, carded, reviewed, run, and the card edited', () => outcomeOf('i-bp1ask0'))

  test('the same with every hint lost', async () => {
    const { faults } = deployment.cloud.spine
    const lost = faults.add({
      service: 'fc',
      operation: 'InvokeFunction',
      subject: 'async, {"hint"',
      times: null,
      fault: { kind: 'lost', applied: false },
    })
    await outcomeOf('i-bp1lost0')
    faults.clear(lost)
  })

  test('said twice it is one request, and its card is tapped', async () => {
    const call = peer.said(user('alice'), group, 'start i-bp1deny0 The monthly report is due')
    expect(await send(call)).toBe(200)
    const card = await message(group, 'i-bp1deny0')
    // Turned away by the instance that took it; with another one it finds its own request.
    expect([200, 401]).toContain(await send(call))

    const deny = card.buttons.find((button) => button.kind === 'tap')
    expect(await send(peer.tapped(user('bob'), card, deny?.value ?? ''))).toBe(200)
    await deployment.until('the card says that it was denied', () =>
      messages(group, 'i-bp1deny0')[0]?.text.includes('Denied by bob') ? true : undefined,
    )
    expect(messages(group, 'i-bp1deny0')).toHaveLength(1)
    expect(deployment.cloud.ecs.instances.starts('i-bp1deny0')).toEqual([])
  })

  test('nobody is heard whom the policy does not know, and is told how to be added', async () => {
    await say('erin', 'start i-bp1idle0 I would like to')
    const { text } = await message(privately('erin'), `${platform}:`)
    expect(text).toContain(`${platform}:${peer.tenant}/${user('erin')}`)
    expect(messages(group, 'i-bp1idle0')).toEqual([])
  })

  test('whoever has the secrets of the platform can ask and deny, and not approve', async () => {
    await say('alice', 'start i-bp1idle0 Forged by whoever has the secret')
    const id = requestOf(await message(group, 'i-bp1idle0'))
    for (const text of [`approve ${id}`, `yes ${id}`, `批准 ${id}`]) await say('bob', text)
    await message(privately('bob'), 'startgate approve')
    expect((await deployment.show(id)).view.approvals.by).toEqual([])
    expect(deployment.cloud.ecs.instances.starts('i-bp1idle0')).toEqual([])
  })
})
