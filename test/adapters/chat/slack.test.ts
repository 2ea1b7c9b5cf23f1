// What is Slack's own; what it has in common with the others stands in test/contract.
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSlack, type SlackOptions } from '#adapters/chat/slack/slack.ts'
import { toSlackMessage } from '#adapters/chat/slack/blocks.ts'
import { sha256 } from '#core/digest.ts'
import { aCard } from '#support/cards.ts'
import { startChatFront } from '#support/chat-front.ts'
import { NOW, REQUEST } from '#support/samples.ts'

const SECRET = 'b7d6e7f4c1f84a0d9a3c5a0e9d4b2f61'

const slack = (change: Partial<SlackOptions> = {}) =>
  createSlack({
    chat: { team: 'T0123', app: 'A0123' },
    secrets: { signing: { current: SECRET }, botToken: 'xoxb-1-2-x' },
    words: { looking: 'Looking <now>', lookingInGroup: 'Looking <here>', notTaken: 'Say it again' },
    clock: { now: () => NOW },
    durations: { deliverTimeout: 5000 },
    ...change,
  })

const COMMAND = {
  team_id: 'T0123',
  api_app_id: 'A0123',
  channel_id: 'C0123',
  user_id: 'U0123',
  command: '/startgate',
  text: 'list',
  trigger_id: '1.2.3',
}
const TAP = {
  type: 'block_actions',
  api_app_id: 'A0123',
  team: { id: 'T0123' },
  user: { id: 'U0123', team_id: 'T0123' },
  container: { message_ts: '1.000001' },
  actions: [{ action_id: 'deny', action_ts: '2.000001', value: REQUEST }],
}

const parse = (form: Readonly<Record<string, string>>) =>
  slack().parse(Buffer.from(new URLSearchParams(form).toString()))
const parseTap = (change: Readonly<Record<string, unknown>>) =>
  parse({ payload: JSON.stringify({ ...TAP, ...change }) })

describe('a signature of Slack', () => {
  // The example in "Verifying requests from Slack".
  const published = {
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    at: 1_531_420_618,
    signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    body: Buffer.from(
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
        '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
        '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d1' +
        '0d2c447fce8b6703c',
    ),
  }
  const verifyAt = (ms: number, secret = published.secret) =>
    slack({
      secrets: { signing: { current: secret }, botToken: 'xoxb-1-2-x' },
      clock: { now: () => published.at * 1000 + ms },
    }).verify(
      new Headers({ 'x-slack-request-timestamp': String(published.at), 'x-slack-signature': published.signature }),
      published.body,
    )

  it('is the one that Slack publishes', () => {
    expect(verifyAt(0)).toEqual({ bytes: published.body, replay: published.signature })
    expect(verifyAt(0, `${published.secret}x`)).toEqual({ flaw: 'signature' })
  })

  it.each([
    [300_000, true],
    [300_001, false],
    [-300_000, true],
    [-300_001, false],
  ])('counts for five minutes either way: %i ms', (ms, counts) => {
    expect('replay' in verifyAt(ms)).toBe(counts)
  })

  it.each(['+1795424400', '01795424400', '1795424400.0', '1.7954244e9', '0x6b03a810', ' 1795424400 ,', '-1'])(
    'has one spelling of its time: %j',
    (timestamp) => {
      const body = Buffer.from('x')
      const mac = createHmac('sha256', SECRET).update(`v0:${timestamp}:x`).digest('hex')
      const headers = new Headers({ 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${mac}` })

      expect(slack().verify(headers, body)).toEqual({ flaw: 'timestamp' })
    },
  )

  it('has one spelling of itself', () => {
    const timestamp = String(NOW / 1000)
    const mac = createHmac('sha256', SECRET).update(`v0:${timestamp}:x`).digest('hex')
    for (const signature of [`v0=${mac.toUpperCase()}`, mac, `v1=${mac}`, `v0=${mac}00`, `v0=${mac.slice(0, 62)}`]) {
      const headers = new Headers({ 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature })
      expect(slack().verify(headers, Buffer.from('x'))).toEqual({ flaw: 'signature' })
    }
  })
})

describe('a slash command', () => {
  it('says who wants what, and where the answer goes', () => {
    expect(parse(COMMAND)).toEqual({
      kind: 'said',
      id: sha256('1.2.3'),
      by: { platform: 'slack', tenant: 'T0123', user: 'U0123' },
      at: NOW,
      where: { platform: 'slack', kind: 'group', id: 'C0123' },
      text: 'list',
    })
  })

  it.each([
    ['C0123', { kind: 'group', id: 'C0123' }],
    ['G0123', { kind: 'group', id: 'G0123' }],
    ['D0123', { kind: 'person', id: 'U0123' }],
  ])('is answered in the channel, or to the person alone: %s', (channel_id, where) => {
    expect(parse({ ...COMMAND, channel_id })).toMatchObject({ where })
  })

  it('may have nothing after it', () => {
    const { text: _, ...bare } = COMMAND
    expect(parse(bare)).toMatchObject({ kind: 'said', text: '' })
  })

  it('is named by its id, which is left out: whoever has it can open forms', () => {
    expect(parse({ ...COMMAND, text: 'help' })).toHaveProperty('id', sha256('1.2.3'))
    expect(parse({ ...COMMAND, trigger_id: '1.2.4' })).toHaveProperty('id', sha256('1.2.4'))
    expect(JSON.stringify(parse(COMMAND))).not.toContain(COMMAND.trigger_id)
  })

  it('without an id is named by what it says', () => {
    const { trigger_id: _, ...unnamed } = COMMAND
    const named = (text: string): unknown => {
      const parsed = parse({ ...unnamed, text })
      return 'id' in parsed ? parsed.id : parsed
    }
    expect(named('list')).toMatch(/^[0-9a-f]{64}$/)
    expect(named('list')).toBe(named('list'))
    expect(named('list')).not.toBe(named('help'))
  })

  it.each([
    ['team_id', 'team'],
    ['api_app_id', 'app'],
  ])('counts only with our %s, and says which came', (name, what) => {
    const { [name as 'team_id']: _, ...without } = COMMAND
    expect(parse(without)).toEqual({ flaw: what })
    expect(parse({ ...COMMAND, [name]: 'T0124' })).toEqual({ flaw: `${what} T0124` })
    expect(parse({ ...COMMAND, [name]: 'T0124\n' })).toEqual({ flaw: what })
  })

  it('names nothing twice', () => {
    const twice = Buffer.from(`${new URLSearchParams(COMMAND).toString()}&user_id=U0999`)
    expect(slack().parse(twice)).toEqual({ flaw: 'not_a_form' })
  })

  it.each(['', 'U0123/U0456', 'U 1', 'ü', 'x'.repeat(129)])(
    'of a person without a proper id counts for nothing: %j',
    (id) => {
      expect(parse({ ...COMMAND, user_id: id })).toEqual({ flaw: 'form' })
    },
  )
})

describe('a tap in Slack', () => {
  it('names the request, and the tap itself', () => {
    expect(parseTap({})).toEqual({
      kind: 'tapped',
      id: '1.000001:2.000001:U0123',
      by: { platform: 'slack', tenant: 'T0123', user: 'U0123' },
      at: NOW,
      button: 'deny',
      request: REQUEST,
    })
  })

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['another workspace', { team: { id: 'T0999' } }],
    ['no workspace', { team: null }],
    ['another app', { api_app_id: 'A0999' }],
    ['a guest of another workspace in a shared channel', { user: { id: 'U0123', team_id: 'T0999' } }],
    ['nobody', { user: undefined }],
  ])('of %s is refused', (_, change) => {
    expect(parseTap(change)).toHaveProperty('flaw')
  })

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['the button that opens the page', { actions: [{ action_id: 'review', action_ts: '2.1' }] }],
    ['two buttons', { actions: [...TAP.actions, ...TAP.actions] }],
    ['no button', { actions: [] }],
    ['a shortcut', { type: 'shortcut' }],
    ['a form', { type: 'view_submission' }],
  ])('on %s changes nothing', (_, change) => {
    expect(parseTap(change)).toEqual({ kind: 'ignored' })
  })
})

describe('other calls of Slack', () => {
  it.each(['ssl_check=1&token=x', '{"type":"url_verification","challenge":"x"}', '', 'a=b'])(
    'are heard and left: %s',
    (body) => {
      expect(slack().parse(Buffer.from(body))).toEqual({ kind: 'ignored' })
    },
  )

  it('are refused when they are no text', () => {
    expect(slack().parse(Buffer.from([0xff, 0xfe]))).toEqual({ flaw: 'not_a_form' })
  })
})

describe('the answer to Slack', () => {
  const said = parse(COMMAND)
  const tapped = parseTap({})
  if ('flaw' in said || 'flaw' in tapped) throw new Error('the samples are sound')

  it('is seen by nobody but who said it', () => {
    const saying = (text: string) => ({ status: 200, body: { response_type: 'ephemeral', text } })
    const alone = { ...said, where: { platform: 'slack', kind: 'person', id: 'U1' } } as typeof said
    expect(slack().answer(said, 'taken')).toEqual(saying('Looking &lt;here&gt;'))
    expect(slack().answer(alone, 'taken')).toEqual(saying('Looking &lt;now&gt;'))
    expect(slack().answer(said, 'failed')).toEqual(saying('Say it again'))
  })

  it('is empty for a tap, and a failure for one that has to be repeated', () => {
    expect(slack().answer(tapped, 'taken')).toEqual({ status: 200, body: undefined })
    expect(slack().answer(tapped, 'failed').status).toBe(503)
  })
})

describe('a message in Slack', () => {
  it('has no place for markup', () => {
    const written = '<!channel> *a* <http://evil.example|b> & :tada:'
    const card = aCard({
      title: written,
      headline: written,
      facts: [{ label: written, value: written }],
      warnings: [written],
      footer: written,
      buttons: aCard().buttons.map((button) => ({ ...button, label: written })),
    })
    for (const message of [{ kind: 'card', card } as const, { kind: 'text', text: written } as const]) {
      const json = JSON.stringify(toSlackMessage(message))
      expect(json).not.toMatch(/[<>]|mrkdwn|&(?!(amp|lt|gt);)|"emoji":true/)
      expect(json).toContain('&lt;!channel&gt; *a* ')
    }
  })

  it('is shorter than all blocks together may be', () => {
    const facts = Array.from({ length: 30 }, (_, n) => ({ label: `Fact ${n}`, value: 'x'.repeat(600) }))
    const { blocks } = toSlackMessage({ kind: 'card', card: aCard({ facts, warnings: [] }) })

    expect(JSON.stringify(blocks).length).toBeLessThan(13_000)
    expect(JSON.stringify(blocks)).toContain('Fact 29')
  })

  it('is as loud as its text says, and looks at nothing', async () => {
    const front = await startChatFront('http://127.0.0.1:9')
    front.misbehave({ status: 200, body: '{"ok":true,"channel":"C0123","ts":"1.000001"}' })
    const platform = slack({ endpoint: front.endpoint })
    const to = { platform: 'slack', kind: 'group', id: 'C0123' } as const
    const posted = await platform.post(to, { kind: 'text', text: 'Hello' }, 'k1')
    const edited = await platform.edit(to, 'C0123:1.000001', { kind: 'text', text: 'Hello again' })
    const other = await platform.edit(to, 'C0123:1.000002', { kind: 'text', text: 'Hello again' })
    await front.close()

    expect([posted, edited]).toEqual(Array.from({ length: 2 }, () => ({ ok: true, id: 'C0123:1.000001' })))
    expect(other).toEqual({ ok: false, why: 'the platform changed another message' })
    const quiet = { parse: 'none', link_names: false }
    expect(
      front.requests.map(({ url, headers, body }) => [url, headers['authorization'], JSON.parse(body)]),
    ).toMatchObject([
      [
        '/slack/api/chat.postMessage',
        'Bearer xoxb-1-2-x',
        { channel: 'C0123', text: 'Hello', ...quiet, mrkdwn: false, unfurl_links: false, unfurl_media: false },
      ],
      [
        '/slack/api/chat.update',
        'Bearer xoxb-1-2-x',
        { channel: 'C0123', ts: '1.000001', text: 'Hello again', ...quiet },
      ],
      ['/slack/api/chat.update', 'Bearer xoxb-1-2-x', { ts: '1.000002' }],
    ])
  })

  it.each([
    ['channel_not_found', 'the platform refused it: channel_not_found'],
    ['xoxb-1-2-x', 'the platform refused it: something else'],
  ])('that is refused says why, in words that are known: %s', async (error, why) => {
    const front = await startChatFront('http://127.0.0.1:9')
    front.misbehave({ status: 200, body: JSON.stringify({ ok: false, error }) })
    const to = { platform: 'slack', kind: 'group', id: 'C0123' } as const
    const posted = await slack({ endpoint: front.endpoint }).post(to, { kind: 'text', text: 'Hello' }, 'k1')
    await front.close()

    expect(posted).toEqual({ ok: false, why })
  })

  it('is not asked for under what is no id', async () => {
    const front = await startChatFront('http://127.0.0.1:9')
    const platform = slack({ endpoint: front.endpoint })
    const to = { platform: 'slack', kind: 'group', id: 'C0123' } as const
    for (const id of ['', 'C0123', 'C0123:1', 'C0123:1.1:2', 'c0123:1.1', 'C0123:1.1 ', '#general:1.1'])
      expect(await platform.edit(to, id, { kind: 'text', text: 'x' })).toEqual({
        ok: false,
        why: 'there is no such message',
      })
    await front.close()

    expect(front.requests).toEqual([])
  })

  it('goes to Slack, or to this very computer', () => {
    for (const endpoint of [
      'http://10.0.0.1:80',
      'https://slack.com.evil.example',
      'http://127.0.0.1:80@evil.example:80',
    ])
      expect(() => slack({ endpoint })).toThrow('loopback')
  })
})
