// The two signatures of Standard Webhooks over one message: `v1` is a MAC with a shared secret, `v1a` Ed25519.
import { createHmac, sign, timingSafeEqual, verify, type KeyObject } from 'node:crypto'

export interface SignedMessage {
  readonly id: string
  /** Epoch seconds, as they stand in the header. */
  readonly timestamp: string
  readonly body: Uint8Array
}

export function signV1(message: SignedMessage, secret: Buffer): string {
  return `v1,${mac(message, secret).toString('base64')}`
}

export function signV1a(message: SignedMessage, privateKey: KeyObject): string {
  return `v1a,${sign(null, toSignedBytes(message), privateKey).toString('base64')}`
}

export function isV1(message: SignedMessage, signature: string, secret: Buffer): boolean {
  const given = parseSignature('v1', signature)
  const right = mac(message, secret)
  return given?.length === right.length && timingSafeEqual(given, right)
}

export function isV1a(message: SignedMessage, signature: string, publicKey: KeyObject): boolean {
  const given = parseSignature('v1a', signature)
  return given !== undefined && verify(null, toSignedBytes(message), publicKey, given)
}

function mac(message: SignedMessage, secret: Buffer): Buffer {
  return createHmac('sha256', secret).update(toSignedBytes(message)).digest()
}

function toSignedBytes({ id, timestamp, body }: SignedMessage): Buffer {
  return Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body])
}

/** One spelling only: what decoders would forgive passes for a signature nowhere. */
function parseSignature(version: string, signature: string): Buffer | undefined {
  if (!signature.startsWith(`${version},`)) return undefined
  const base64 = signature.slice(version.length + 1)
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : undefined
}
