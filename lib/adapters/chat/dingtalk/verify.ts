// Whether DingTalk made a call. Its signatures cover the time of a call and nothing else: what is in a message to the robot
// counts because it was encrypted with a key that only DingTalk has besides us, and what is in a card callback is nobody's
// word but that of whoever has seen one. So a callback can say no, and nothing more.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { readJson } from '#adapters/chat/read-json.ts'
import { toAll, type Rotating } from '#core/rotating.ts'
import { HOUR, MINUTE } from '#core/durations.ts'
import type { PolicyDocument } from '#core/policy.ts'
import * as z from '#core/zod.ts'
import type { Verified } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'
import { writeCall, type Call } from './call.ts'
import { decrypt, parseAesKey } from './decrypt.ts'
import { toReplay } from './replay.ts'

export interface Secrets {
  /** Of the app: signs messages to the robot, and gets us its access token. */
  readonly appSecret: Rotating
  /** Encrypts messages to the robot. */
  readonly aesKey: Rotating
  /** With which the card callback was registered. */
  readonly cardSecret: Rotating
}

export interface VerifyOptions {
  readonly chat: Pick<NonNullable<PolicyDocument['chats']['dingtalk']>, 'corp' | 'app'>
  readonly secrets: Secrets
  readonly clock: Pick<Clock, 'now'>
}

type Kind = Call['kind']
type Opened = { readonly message: Uint8Array } | { readonly flaw: string }

const HEADERS: Readonly<Record<Kind, { readonly at: string; readonly signature: string }>> = {
  robot: { at: 'timestamp', signature: 'sign' },
  card: { at: 'x-ddpaas-signature-timestamp', signature: 'x-ddpaas-signature' },
}
/** How old a call may be. An hour is what DingTalk documents for the robot; for cards it names nothing. */
const OLDEST: Readonly<Record<Kind, number>> = { robot: HOUR, card: 5 * MINUTE }
const FURTHEST_AHEAD = 5 * MINUTE

const envelopeSchema = z.object({ encrypt: z.string() })

export function createVerify({ chat, secrets, clock }: VerifyOptions) {
  const appSecrets = toAll(secrets.appSecret)
  const cardSecrets = toAll(secrets.cardSecret)
  const aesKeys = toAll(secrets.aesKey).map(parseAesKey)
  // Events name the corp or the app's key here. What messages to the robot name is not documented, perhaps nothing.
  const trailers = ['', chat.corp, chat.app]

  const isSigned: Readonly<Record<Kind, (at: string, signature: string) => boolean>> = {
    robot: (at, signature) => appSecrets.some((secret) => isMac(secret, `${at}\n${secret}`, signature)),
    card: (at, signature) => cardSecrets.some((secret) => isMac(secret, at, signature)),
  }

  function open(body: Uint8Array): Opened {
    const envelope = readJson(body, envelopeSchema)
    if (envelope === undefined) return { flaw: 'not_encrypted' }
    const opened = aesKeys
      .map((key) => decrypt(envelope.encrypt, key))
      .find((decrypted) => decrypted !== undefined && trailers.includes(decrypted.trailer))
    return opened ?? { flaw: 'encryption' }
  }

  return (headers: Headers, body: Uint8Array): Verified => {
    const kind = toKind(headers)
    if (kind === undefined) return { flaw: 'headers' }
    const at = headers.get(HEADERS[kind].at)
    const signature = headers.get(HEADERS[kind].signature)
    if (at === null || signature === null) return { flaw: 'header_missing' }
    // A header that came twice has a comma here.
    if (!/^[0-9]{13}$/.test(at)) return { flaw: 'timestamp' }
    const age = clock.now() - Number(at)
    if (age > OLDEST[kind]) return { flaw: 'too_old' }
    if (age < -FURTHEST_AHEAD) return { flaw: 'from_the_future' }
    if (!isSigned[kind](at, signature)) return { flaw: 'signature' }
    const opened = kind === 'robot' ? open(body) : { message: body }
    if ('flaw' in opened) return opened
    const text = toText(opened.message)
    if (text === undefined) return { flaw: 'text' }
    const call: Call = { kind, at, body: text }
    return { bytes: writeCall(call), replay: toReplay(call) }
  }
}

/** Undefined when it has headers of both kinds, or of none. */
function toKind(headers: Headers): Kind | undefined {
  const has = (kind: Kind) => headers.has(HEADERS[kind].at) || headers.has(HEADERS[kind].signature)
  if (has('robot') === has('card')) return undefined
  return has('robot') ? 'robot' : 'card'
}

/** Strictly: CBC lets one change what is encrypted, at the price of 16 bytes of rubbish before it. */
function toText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** One spelling only: what decoders would forgive passes for a signature nowhere. */
function isMac(secret: string, text: string, signature: string): boolean {
  const right = Buffer.from(createHmac('sha256', secret).update(text).digest('base64'))
  const given = Buffer.from(signature)
  return given.length === right.length && timingSafeEqual(given, right)
}
