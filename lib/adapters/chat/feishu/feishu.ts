// Feishu, and Lark, which is Feishu outside of China: an app of one's own organisation, whose Encrypt Key is set.
import type { Rotating } from '#core/rotating.ts'
import type { Address } from '#core/chat.ts'
import { sha256 } from '#core/digest.ts'
import type { Durations } from '#core/durations.ts'
import type { ChatPlatform } from '#ports/chat-platform.ts'
import type { Posted } from '#ports/chat.ts'
import type { Clock } from '#ports/world.ts'
import { createApi } from './api.ts'
import { toContent } from './card.ts'
import { createParse, type FeishuApp } from './parse.ts'
import { createVerify } from './verify.ts'

export interface FeishuOptions {
  readonly chat: FeishuApp
  readonly secrets: { readonly encryptKey: Rotating; readonly appSecret: string }
  /** What people read at once. */
  readonly words: { readonly looking: string; readonly notTaken: string }
  readonly clock: Pick<Clock, 'now'>
  readonly durations: Pick<Durations, 'deliverTimeout'>
  /** Of the local peers; default: Feishu's own. */
  readonly endpoint?: string | undefined
}

/** It was withdrawn, or deleted. */
const GONE: readonly (number | undefined)[] = [230011, 231003]
const MESSAGE_ID = /^[A-Za-z0-9_-]{1,128}$/

export function createFeishu({ chat, secrets, words, clock, durations, endpoint }: FeishuOptions): ChatPlatform {
  const callFeishu = createApi({ chat, appSecret: secrets.appSecret, clock, durations, endpoint })
  return {
    platform: 'feishu',
    verify: createVerify(secrets.encryptKey, clock),
    parse: createParse(chat, clock),
    answer: (to, receipt) => {
      switch (to.kind) {
        case 'handshake':
          return { status: 200, body: { challenge: to.challenge } }
        case 'said':
          // Anything but 200 makes Feishu send the message again.
          return { status: receipt === 'taken' ? 200 : 503, body: {} }
        case 'tapped': {
          const taken = { type: 'info', content: words.looking }
          return {
            status: 200,
            body: { toast: receipt === 'taken' ? taken : { type: 'error', content: words.notTaken } },
          }
        }
        case 'ignored':
          return { status: 200, body: {} }
      }
    },
    async post(to, message, key) {
      const type = to.kind === 'person' ? 'open_id' : 'chat_id'
      const answered = await callFeishu('POST', `/im/v1/messages?receive_id_type=${type}`, {
        receive_id: to.id,
        msg_type: 'interactive',
        content: toContent(message),
        uuid: toUuid(to, key),
      })
      return toPosted(answered.ok ? answered.id : undefined, answered)
    },
    async edit(_to, id, message) {
      if (!MESSAGE_ID.test(id)) return { ok: false, why: 'there is no such message' }
      const answered = await callFeishu('PATCH', `/im/v1/messages/${id}`, { content: toContent(message) })
      return !answered.ok && GONE.includes(answered.code)
        ? { ok: false, why: answered.why, gone: true }
        : toPosted(id, answered)
    },
  }
}

/** Of messages under one `uuid` Feishu puts a single one within an hour, whomever they are for; it takes 50 characters. */
function toUuid({ kind, id }: Address, key: string): string {
  return sha256(`${kind}/${id}\n${key}`).slice(0, 32)
}

function toPosted(
  id: string | undefined,
  answered: { readonly ok: true } | { readonly ok: false; readonly why: string },
): Posted {
  if (!answered.ok) return { ok: false, why: answered.why }
  return id !== undefined && MESSAGE_ID.test(id)
    ? { ok: true, id }
    : { ok: false, why: 'the platform answered something else' }
}
