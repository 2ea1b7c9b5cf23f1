// The local Slack refuses what Slack refuses, and shows markup for what it does.
import { describe, expect, it } from 'vitest'
import { createChatPeers } from '#infra/local/chat/peers.ts'
import { createSlackPeer } from '#infra/local/chat/slack.ts'

const TOKEN = 'xoxb-1-2-x'
const POST = { channel: 'C0OPS', text: 'x', parse: 'none', link_names: false, mrkdwn: false }
const plain = (text: string) => ({ type: 'plain_text', text, emoji: false })
const section = (text: string) => ({ type: 'section', text: plain(text) })

function workspace() {
  const peer = createSlackPeer({
    clock: { now: () => 0 },
    team: 'T0',
    app: 'A0',
    secrets: { signing: 'secret', botToken: TOKEN },
    groups: ['C0OPS'],
  })
  const call = (method: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    peer.serve({
      method: 'POST',
      path: `/api/${method}`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}`, ...headers },
      body: JSON.stringify(body),
    })?.body
  const post = (blocks: readonly unknown[], change: object = {}) =>
    call('chat.postMessage', { ...POST, unfurl_links: false, unfurl_media: false, blocks, ...change })
  return { peer, call, post }
}

describe('the local Slack', () => {
  it.each<[string, readonly unknown[]]>([
    ['51 blocks', Array.from({ length: 51 }, () => section('x'))],
    ['a section of 3001', [section('x'.repeat(3001))]],
    ['an empty section', [section('')]],
    ['a blank section', [section(' \n')]],
    ['a header of 151', [{ type: 'header', text: plain('x'.repeat(151)) }]],
    ['a header with markup', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }]],
    ['11 fields', [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('x')) }]],
    ['a field of 2001', [{ type: 'section', fields: [plain('x'.repeat(2001))] }]],
    ['no elements', [{ type: 'actions', elements: [] }]],
    ['a button of 76', [button({ text: plain('x'.repeat(76)) })]],
    ['a value of 2001', [button({ value: 'x'.repeat(2001) })]],
    ['a confirmation of 301', [button({ confirm: confirmed('x'.repeat(301)) })]],
    ['a member that there is not', [{ ...section('x'), colour: 'red' }]],
    ['a block that there is not', [{ type: 'banner' }]],
  ])('refuses %s', (_, blocks) => {
    const { peer, post } = workspace()

    expect(post(blocks)).toEqual({ ok: false, error: 'invalid_blocks' })
    expect(peer.shown()).toEqual([])
  })

  it('refuses what is too long in all, another token, and channels that the bot is not in', () => {
    const { post, call } = workspace()
    const error = (answer: unknown) => (answer as { error?: string }).error

    expect(error(post(Array.from({ length: 5 }, () => section('x'.repeat(3000)))))).toBe('msg_blocks_too_long')
    expect(error(post([section('x')], { text: 'x'.repeat(4001) }))).toBe('msg_too_long')
    expect(error(post([section('x')], { channel: 'C0ELSEWHERE' }))).toBe('channel_not_found')
    expect(error(post([section('x')], { chanel: 'C0OPS' }))).toBe('invalid_arguments')
    expect(error(call('chat.postMessage', {}, { authorization: `Bearer ${TOKEN}x` }))).toBe('invalid_auth')
    expect(error(call('chat.update', { ...withoutMarkup(), ts: '1.000001', blocks: [section('x')] }))).toBe(
      'message_not_found',
    )
    expect(call('chat.delete', {})).toBeUndefined()
  })

  it.each([
    ['<!channel> <@U0BOB>', '⟦mention: channel⟧ ⟦mention: U0BOB⟧'],
    ['*bold* _italic_ `code`', 'bold italic code'],
    ['<http://evil.example|here>', '⟦link to http://evil.example: here⟧'],
    ['see http://evil.example', 'see ⟦link to http://evil.example⟧'],
    [':tada:', '⟦emoji: tada⟧'],
    ['&lt;!channel&gt; &amp;lt;', '<!channel> &lt;'],
  ])('shows what markup does: %s', (text, shown) => {
    const { peer, post } = workspace()
    post([{ type: 'section', text: { type: 'mrkdwn', text } }])

    expect(peer.shown()[0]?.text).toBe(shown)
  })

  it('shows whom a notification mentions, and emoji where they are asked for', () => {
    const { peer, post } = workspace()
    post([{ type: 'section', text: { type: 'plain_text', text: '*a* :tada:' } }], { text: 'Hello <!here>' })

    expect(peer.shown()[0]?.text).toBe('*a* ⟦emoji: tada⟧\n⟦notified: !here⟧')
  })

  it('shares a port with the other platforms', async () => {
    const { peer } = workspace()
    const peers = await createChatPeers([peer])
    const statusOf = async (path: string, body = ''): Promise<number> =>
      (await fetch(`${peers.endpoint}${path}`, { method: 'POST', body })).status
    const statuses = [
      await statusOf('/slack/api/chat.postMessage'),
      await statusOf('/slack/api/chat.delete'),
      await statusOf('/feishu/api/chat.postMessage'),
      await statusOf('/slack/api/chat.postMessage', 'x'.repeat(1024 * 1024 + 1)),
    ]
    await peers.close()

    expect(statuses).toEqual([200, 404, 404, 413])
    expect(peers.peer('slack')).toBe(peer)
    expect(() => peers.peer('feishu')).toThrow('no local feishu')
  })
})

function button(change: object): object {
  return { type: 'actions', elements: [{ type: 'button', action_id: 'a', text: plain('x'), value: 'x', ...change }] }
}

function confirmed(text: string): object {
  return { title: plain('x'), text: plain(text), confirm: plain('x'), deny: plain('x') }
}

function withoutMarkup(): object {
  const { mrkdwn: _, ...rest } = POST
  return rest
}
