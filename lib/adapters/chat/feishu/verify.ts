// Whether Feishu sent a call. Without the Encrypt Key only a token in the clear would say so: nothing unencrypted passes.
import { readJson } from '#adapters/chat/read-json.ts'
import { toAll, type Rotating } from '#core/rotating.ts'
import { sha256 } from '#core/digest.ts'
import { MINUTE } from '#core/durations.ts'
import * as z from '#core/zod.ts'
import type { ChatPlatform, Verified } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'
import { decrypt, isSigned } from './encryption.ts'

/** Feishu names no window. A call older or newer than this is not accepted, so that one that was caught is not worth anything for long. */
const WINDOW = 5 * MINUTE

/** The challenge is answered as it came: it is held to what a challenge looks like, so that nothing else can be read through it. */
export const handshakeSchema = z.strictObject({
  type: z.literal('url_verification'),
  challenge: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,128}$/)),
  token: z.string(),
})

const bodySchema = z.object({ encrypt: z.string() })

export function createVerify(encryptKey: Rotating, clock: Pick<Clock, 'now'>): ChatPlatform['verify'] {
  const keys = toAll(encryptKey)
  return (headers, body) => {
    const [timestamp, nonce, signature] = ['request-timestamp', 'request-nonce', 'signature'].map((name) =>
      headers.get(`x-lark-${name}`),
    )
    if (timestamp === null && nonce === null && signature === null) return verifyUnsigned(body, keys)
    if (!timestamp || !nonce || !signature) return { flaw: 'header_missing' }
    if (!/^[0-9]{1,12}$/.test(timestamp)) return { flaw: 'timestamp' }
    const age = clock.now() - Number(timestamp) * 1000
    if (age > WINDOW) return { flaw: 'too_old' }
    if (age < -WINDOW) return { flaw: 'from_the_future' }
    const key = keys.find((each) => isSigned({ timestamp, nonce, body }, signature, each))
    if (key === undefined) return { flaw: 'signature' }
    const bytes = decryptBody(body, key)
    return bytes === undefined ? { flaw: 'encryption' } : { bytes, replay: signature }
  }
}

/**
 * When an address is configured, Feishu may ask whether somebody is there without signing it. Who can encrypt such a question
 * has the key, and hears only what he said: answering gives nothing away. Whatever else comes unsigned is refused.
 */
function verifyUnsigned(body: Uint8Array, keys: readonly string[]): Verified {
  const bytes = keys
    .map((key) => decryptBody(body, key))
    .find((each) => each !== undefined && readJson(each, handshakeSchema) !== undefined)
  return bytes === undefined ? { flaw: 'header_missing' } : { bytes, replay: sha256(body) }
}

function decryptBody(body: Uint8Array, key: string): Buffer | undefined {
  const encrypted = readJson(body, bodySchema)?.encrypt
  return encrypted === undefined ? undefined : decrypt(encrypted, key)
}
