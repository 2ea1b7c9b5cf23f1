// Who sent a webhook. A machine of the policy signs it, with the kinds of key that the policy gives it and no other.
import { MINUTE } from '#core/durations.ts'
import type { PolicyDocument } from '#core/policy.ts'
import { toAll, type Rotating } from '#core/rotating.ts'
import type { Clock } from '#ports/world.ts'
import { parsePublicKey, parseSharedSecret } from './keys.ts'
import { isV1, isV1a, type SignedMessage } from './signature.ts'

export interface WebhookVerifierOptions {
  readonly policy: Pick<PolicyDocument, 'machines'>
  readonly clock: Pick<Clock, 'now'>
  /** The `whsec_` secrets that a machine shares; after a change the previous one still counts. */
  readonly secrets: (caller: string) => Rotating | undefined
}

/** `flaw` is for the log alone. */
export type VerifiedWebhook = { readonly id: string } | { readonly flaw: string }
export type WebhookVerifier = (caller: string, headers: Headers, body: Uint8Array) => VerifiedWebhook

/** A message older or newer than this is not accepted, so that one that was caught is not worth anything for long. */
const WINDOW = 5 * MINUTE
/** A sender in the middle of two rotations needs four. */
const MOST_SIGNATURES = 8

export function createWebhookVerifier(options: WebhookVerifierOptions): WebhookVerifier {
  const machines = Object.entries(options.policy.machines)
  const senders = new Map(
    machines.flatMap(([name, { webhook }]) =>
      webhook === undefined ? [] : [[name, toSender(webhook, options.secrets(name))]],
    ),
  )
  return (caller, headers, body) => {
    const sender = senders.get(caller)
    if (sender === undefined) return { flaw: 'unknown_caller' }
    const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers.get(`webhook-${name}`))
    if (!id || !timestamp || !signatures) return { flaw: 'header_missing' }
    if (!/^[0-9]{1,12}$/.test(timestamp)) return { flaw: 'timestamp' }
    const age = options.clock.now() - Number(timestamp) * 1000
    if (age > WINDOW) return { flaw: 'too_old' }
    if (age < -WINDOW) return { flaw: 'from_the_future' }
    const given = signatures.split(' ')
    // Each one costs a verification, and anybody can send any number of them.
    if (given.length > MOST_SIGNATURES) return { flaw: 'too_many_signatures' }
    return given.some((signature) => sender({ id, timestamp, body }, signature)) ? { id } : { flaw: 'signature' }
  }
}

type Webhook = NonNullable<PolicyDocument['machines'][string]['webhook']>
type IsSigned = (message: SignedMessage, signature: string) => boolean

/** A secret counts only where the policy allows `v1`: whoever can read a secret could ask with it too. */
function toSender({ v1, v1a }: Webhook, secrets: Rotating | undefined): IsSigned {
  const shared = v1 ? toAll(secrets).map(parseSharedSecret) : []
  const keys = v1a.map(parsePublicKey)
  return (message, signature) =>
    shared.some((secret) => isV1(message, signature, secret)) || keys.some((key) => isV1a(message, signature, key))
}
