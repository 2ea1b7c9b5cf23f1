// Whether Slack said it: a MAC over the time and the bytes as they came.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { MINUTE } from '#core/durations.ts'
import type { ChatPlatform } from '#ports/chat-platform.ts'
import type { Clock } from '#ports/world.ts'
import { toAll, type Rotating } from '#core/rotating.ts'

/** Slack's own advice for calls that are too old; one from the future would stay valid for longer. */
const WINDOW = 5 * MINUTE

export function createVerify(signing: Rotating, clock: Pick<Clock, 'now'>): ChatPlatform['verify'] {
  const secrets = toAll(signing)
  return (headers, body) => {
    const timestamp = headers.get('x-slack-request-timestamp')
    const signature = headers.get('x-slack-signature')
    if (!timestamp || !signature) return { flaw: 'header_missing' }
    // One spelling only of each.
    if (!/^[1-9][0-9]{0,11}$/.test(timestamp)) return { flaw: 'timestamp' }
    if (!/^v0=[0-9a-f]{64}$/.test(signature)) return { flaw: 'signature' }
    const age = clock.now() - Number(timestamp) * 1000
    if (age > WINDOW) return { flaw: 'too_old' }
    if (age < -WINDOW) return { flaw: 'from_the_future' }
    const given = Buffer.from(signature.slice(3), 'hex')
    const isSigned = (secret: string): boolean => timingSafeEqual(given, mac(secret, timestamp, body))
    return secrets.some(isSigned) ? { bytes: body, replay: signature } : { flaw: 'signature' }
  }
}

function mac(secret: string, timestamp: string, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest()
}
