// A Slack workspace: it signs slash commands and taps, and keeps the messages that the bot posts.
import { createHmac } from 'node:crypto'
import * as z from '#core/zod.ts'
import type { ChatPeer, PeerAnswer, PeerCall, Place, Shown, SignOptions, SignedCall } from './peer.ts'
import { readBlocks, toShownButtons, toShownText, type Blocks } from './slack-blocks.ts'

export interface SlackPeerOptions {
  readonly clock: { now(): number }
  readonly team: string
  readonly app: string
  readonly secrets: { readonly signing: string; readonly botToken: string }
  /** The channels that the bot is in. */
  readonly groups: readonly string[]
}

interface Message {
  readonly channel: string
  readonly ts: string
  text: string
  blocks: Blocks
  edits: number
}

const contentSchema = z.strictObject({
  channel: z.string(),
  text: z.string(),
  blocks: z.unknown(),
  parse: z.enum(['none', 'full']),
  link_names: z.boolean(),
})
const postSchema = z.extend(contentSchema, {
  mrkdwn: z.boolean(),
  unfurl_links: z.boolean(),
  unfurl_media: z.boolean(),
})
const updateSchema = z.extend(contentSchema, { ts: z.string() })

const PATH = '/v1/chat/slack'
const LONGEST_TEXT = 4000

export function createSlackPeer({ clock, team, app, secrets, groups }: SlackPeerOptions): ChatPeer {
  const messages: Message[] = []
  let calls = 0
  let down = false
  let made = 0
  const nextTime = (at: number): string => `${Math.floor(at / 1000)}.${String((made += 1)).padStart(6, '0')}`

  const sign = (form: Readonly<Record<string, string>>, at: number): SignedCall => {
    const body = Buffer.from(new URLSearchParams(form).toString())
    const timestamp = String(Math.floor(at / 1000))
    const mac = createHmac('sha256', secrets.signing).update(`v0:${timestamp}:`).update(body).digest('hex')
    return {
      path: PATH,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${mac}`,
      },
      body,
    }
  }

  const serve = (method: string, body: unknown): PeerAnswer['body'] => {
    const read = (method === 'chat.update' ? updateSchema : postSchema).safeParse(body)
    if (!read.success) return refused('invalid_arguments')
    const { text, channel: to } = read.data
    if (text.length > LONGEST_TEXT) return refused('msg_too_long')
    const blocks = readBlocks(read.data.blocks)
    if ('error' in blocks) return refused(blocks.error)
    if ('ts' in read.data) {
      const { ts } = read.data
      const message = messages.find((each) => each.channel === to && each.ts === ts)
      if (message === undefined) return refused('message_not_found')
      Object.assign(message, { text, blocks, edits: message.edits + 1 })
      return { ok: true, channel: to, ts, text }
    }
    const channel = to.startsWith('U') ? toPrivate(to) : to
    if (to === channel && !groups.includes(channel)) return refused('channel_not_found')
    const ts = nextTime(clock.now())
    messages.push({ channel, ts, text, blocks, edits: 0 })
    return { ok: true, channel, ts, message: { type: 'message', text, ts, blocks } }
  }

  const toShown = ({ channel, ts, text, blocks, edits }: Message): Shown => ({
    id: `${channel}:${ts}`,
    where: toPlace(channel),
    text: toShownText(blocks, text),
    buttons: toShownButtons(blocks),
    edits,
  })

  return {
    platform: 'slack',
    tenant: team,
    said(user, where, text, options = {}) {
      const at = options.at ?? clock.now()
      return sign(
        { ...toCommand(user, where, text, options, { team, app }), trigger_id: options.id ?? nextTime(at) },
        at,
      )
    },
    tapped(user, { id }, value, options = {}) {
      const at = options.at ?? clock.now()
      const message = messages.find(({ channel, ts }) => `${channel}:${ts}` === id)
      if (message === undefined) throw new Error('nobody can tap a message that is not there')
      const tenant = options.tenant ?? team
      const payload = {
        type: 'block_actions',
        user: { id: user, username: 'somebody', name: 'somebody', team_id: tenant },
        api_app_id: app,
        token: 'not-used-any-more',
        container: { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral: false },
        trigger_id: nextTime(at),
        team: { id: tenant, domain: 'example' },
        enterprise: null,
        is_enterprise_install: false,
        channel: { id: message.channel, name: 'somewhere' },
        message: { type: 'message', text: message.text, ts: message.ts, blocks: message.blocks, app_id: app, team },
        state: { values: {} },
        response_url: 'https://hooks.slack.com/actions/T0/1/x',
        actions: [
          {
            action_id: 'deny',
            block_id: 'b1',
            text: { type: 'plain_text', text: 'Deny', emoji: false },
            value,
            style: 'danger',
            type: 'button',
            action_ts: options.id ?? nextTime(at),
          },
        ],
      }
      return sign({ payload: toAscii(payload) }, at)
    },
    handshake: () => undefined,
    authenticates: { headers: ['x-slack-request-timestamp', 'x-slack-signature'], body: true },
    shown: () => messages.map(toShown),
    remove(id) {
      const at = messages.findIndex(({ channel, ts }) => `${channel}:${ts}` === id)
      if (at >= 0) messages.splice(at, 1)
    },
    setDown: (next) => void (down = next),
    calls: () => calls,
    serve({ method, path, headers, body }: PeerCall) {
      const [, name] = /^\/api\/(chat\.(?:postMessage|update))$/.exec(path) ?? []
      if (name === undefined || method !== 'POST') return undefined
      calls += 1
      if (down) return { status: 503, body: refused('service_unavailable') }
      if (!headers['content-type']?.startsWith('application/json')) return { status: 200, body: refused('no_text') }
      if (headers['authorization'] === undefined) return { status: 200, body: refused('not_authed') }
      if (headers['authorization'] !== `Bearer ${secrets.botToken}`)
        return { status: 200, body: refused('invalid_auth') }
      return { status: 200, body: serve(name, toJson(body)) }
    },
  }
}

function toCommand(
  user: string,
  where: Place,
  text: string,
  options: SignOptions,
  { team, app }: Pick<SlackPeerOptions, 'team' | 'app'>,
): Readonly<Record<string, string>> {
  return {
    token: 'not-used-any-more',
    team_id: options.tenant ?? team,
    team_domain: 'example',
    channel_id: where.kind === 'person' ? toPrivate(where.id) : where.id,
    channel_name: where.kind === 'person' ? 'directmessage' : 'somewhere',
    user_id: user,
    user_name: 'somebody',
    command: '/startgate',
    text,
    api_app_id: app,
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/T0/1/x',
  }
}

/** The channel that the bot and one person have. */
function toPrivate(user: string): string {
  return user.replace(/^U/, 'D')
}

function toPlace(channel: string): Place {
  return channel.startsWith('D') ? { kind: 'person', id: channel.replace(/^D/, 'U') } : { kind: 'group', id: channel }
}

function toAscii(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function toJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function refused(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error }
}
