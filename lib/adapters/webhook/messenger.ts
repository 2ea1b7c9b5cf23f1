// Tells a receiver by a webhook that it can verify: with its shared secret if it has one, and always with the gate's key.
import type { Durations } from '#core/durations.ts'
import { isLoopback } from '#core/loopback.ts'
import type { PolicyDocument } from '#core/policy.ts'
import { toAll, type Rotating } from '#core/rotating.ts'
import type { Messenger } from '#ports/messenger.ts'
import type { Clock } from '#ports/world.ts'
import { parseSharedSecret, type SigningKey } from './keys.ts'
import { toMessage } from './message.ts'
import { signV1, signV1a, type SignedMessage } from './signature.ts'

export interface MessengerOptions {
  readonly policy: Pick<PolicyDocument, 'receivers'>
  readonly publicUrl: string
  readonly signingKey: () => SigningKey
  /** The `whsec_` secrets that a receiver shares; while there are two, both sign. */
  readonly secrets: (receiver: string) => Rotating | undefined
  readonly clock: Pick<Clock, 'now'>
  readonly durations: Pick<Durations, 'deliverTimeout'>
}

type Delivered = Awaited<ReturnType<Messenger['deliver']>>

export function createMessenger(options: MessengerOptions): Messenger {
  const { publicUrl, clock, durations } = options
  const receivers = new Map(
    Object.entries(options.policy.receivers).flatMap(([name, receiver]) =>
      'url' in receiver ? [toReceiver([name, receiver], options)] : [],
    ),
  )
  return {
    async deliver(receiver, telling) {
      const found = receivers.get(receiver)
      if (found === undefined) return failed('the policy has no such receiver')
      const { url, sign } = found
      if (url.protocol !== 'https:' && !isLoopback(url.hostname)) return failed('its address is not https')
      try {
        const body = Buffer.from(JSON.stringify(toMessage(telling, publicUrl)))
        const timestamp = String(Math.floor(clock.now() / 1000))
        return await post(url, sign({ id: telling.id, timestamp, body }), Math.ceil(durations.deliverTimeout))
      } catch (error) {
        return failed(sayFailure(error))
      }
    },
  }
}

interface Receiver {
  readonly url: URL
  readonly sign: (message: SignedMessage) => SignedMessage & { readonly signature: string }
}

function toReceiver(
  [name, { url }]: [string, { readonly url: string }],
  { secrets, signingKey }: MessengerOptions,
): [string, Receiver] {
  const shared = toAll(secrets(name)).map(parseSharedSecret)
  const sign: Receiver['sign'] = (message) => {
    const signatures = [...shared.map((secret) => signV1(message, secret)), signV1a(message, signingKey().privateKey)]
    return { ...message, signature: signatures.join(' ') }
  }
  return [name, { url: new URL(url), sign }]
}

async function post(
  url: URL,
  { id, timestamp, body, signature }: ReturnType<Receiver['sign']>,
  timeout: number,
): Promise<Delivered> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'startgate',
      // A kept socket may be dead after a freeze.
      connection: 'close',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    },
    body,
    // A redirect would send signed news to an address that nobody put into the policy.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeout),
  })
  // The status alone counts: whatever follows it may be garbage, never end or break off.
  await response.body?.cancel().catch(() => {})
  return response.ok ? { ok: true } : failed(`the receiver answered ${response.status}`)
}

/** Never the error's own message: it may hold the address, and with it a token in the query. */
function sayFailure(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time'
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : ''
  return `the receiver could not be reached${code}`
}

function failed(why: string): Delivered {
  return { ok: false, why }
}
