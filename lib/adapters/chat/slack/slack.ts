// Slack: slash commands and buttons come in, messages go out through the bot's token.
import type { Durations } from '#core/durations.ts'
import type { Posted } from '#ports/chat.ts'
import type { ChatPlatform } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'
import { callApi } from '#adapters/chat/call-api.ts'
import { toApi } from '#adapters/chat/origin.ts'
import type { Rotating } from '#core/rotating.ts'
import * as z from '#core/zod.ts'
import { escape, toSlackMessage } from './blocks.ts'
import { createParse, type SlackApp } from './parse.ts'
import { createVerify } from './verify.ts'

export interface SlackOptions {
  readonly chat: SlackApp
  readonly secrets: { readonly signing: Rotating; readonly botToken: string }
  /** In the language of the policy. */
  readonly words: { readonly looking: string; readonly lookingInGroup: string; readonly notTaken: string }
  readonly clock: Pick<Clock, 'now'>
  readonly durations: Pick<Durations, 'deliverTimeout'>
  /** Of the local chat peers; default: Slack's own. */
  readonly endpoint?: string
}

/** A channel and the time of a message in it, which together name it. */
const CHANNEL = /^[CDG][A-Z0-9]{1,30}$/
const TIME = /^[0-9]{1,16}\.[0-9]{1,10}$/

/** Codes that help who reads the log. Others are left out: they are whatever the platform writes. */
const CODES = [
  'account_inactive',
  'cant_update_message',
  'channel_not_found',
  'edit_window_closed',
  'invalid_auth',
  'invalid_blocks',
  'is_archived',
  'message_not_found',
  'missing_scope',
  'msg_blocks_too_long',
  'msg_too_long',
  'not_authed',
  'not_in_channel',
  'ratelimited',
  'restricted_action',
  'token_expired',
  'token_revoked',
] as const

const answerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), channel: z.string().check(z.regex(CHANNEL)), ts: z.string().check(z.regex(TIME)) }),
  z.object({
    ok: z.literal(false),
    error: z.union([
      z.enum(CODES),
      z.pipe(
        z.string(),
        z.transform(() => 'something else'),
      ),
    ]),
  }),
])

export function createSlack(options: SlackOptions): ChatPlatform {
  const { chat, secrets, words, clock, durations } = options
  const api = toApi('slack', options.endpoint)
  const timeout = Math.ceil(durations.deliverTimeout)

  /** The token goes along in a header, where no log of addresses shows it. */
  const call = async (method: string, body: object): Promise<Posted> => {
    const called = await callApi({
      method: 'POST',
      url: `${api}/api/${method}`,
      headers: { authorization: `Bearer ${secrets.botToken}` },
      // Nothing in the text becomes a link, a mention or a preview.
      body: { ...body, parse: 'none', link_names: false },
      signal: AbortSignal.timeout(timeout),
      schema: answerSchema,
    })
    if (!called.ok) return { ok: false, why: called.why }
    const { answer } = called
    if (answer.ok) return { ok: true, id: `${answer.channel}:${answer.ts}` }
    const why = `the platform refused it: ${answer.error}`
    return answer.error === 'message_not_found' ? { ok: false, why, gone: true } : { ok: false, why }
  }

  return {
    platform: 'slack',
    verify: createVerify(secrets.signing, clock),
    parse: createParse(chat, clock),
    answer(to, receipt) {
      const say = (text: string) => ({ response_type: 'ephemeral', text: Array.from(text, escape).join('') })
      if (to.kind === 'said') {
        const looking = to.where.kind === 'group' ? words.lookingInGroup : words.looking
        return { status: 200, body: say(receipt === 'taken' ? looking : words.notTaken) }
      }
      // Whoever taps is shown no text that is answered, but a mark beside the button when the answer is a failure.
      if (to.kind === 'tapped' && receipt === 'failed') return { status: 503, body: say(words.notTaken) }
      return { status: 200, body: undefined }
    },
    // Slack knows no key of ours, so that a message whose answer was lost is posted again.
    post: async ({ id }, message) =>
      call('chat.postMessage', {
        channel: id,
        ...toSlackMessage(message),
        mrkdwn: false,
        unfurl_links: false,
        unfurl_media: false,
      }),
    async edit(_, id, message) {
      const [channel = '', ts = '', ...more] = id.split(':')
      if (!CHANNEL.test(channel) || !TIME.test(ts) || more.length > 0)
        return { ok: false, why: 'there is no such message' }
      const edited = await call('chat.update', { channel, ts, ...toSlackMessage(message) })
      return edited.ok && edited.id !== id ? { ok: false, why: 'the platform changed another message' } : edited
    },
  }
}
