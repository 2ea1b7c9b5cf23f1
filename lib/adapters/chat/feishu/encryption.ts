// How Feishu signs and encrypts what it sends to an app that has an Encrypt Key.
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'

export interface SignedBody {
  /** Epoch seconds, as they stand in the header. */
  readonly timestamp: string
  readonly nonce: string
  readonly body: Uint8Array
}

const BLOCK = 16

/**
 * A hash that begins with the key, not a MAC: who has seen one can sign the same body with a tail of his own. Such a tail
 * begins with the byte 0x80, which no JSON text in UTF-8 can hold there.
 */
export function isSigned({ timestamp, nonce, body }: SignedBody, signature: string, key: string): boolean {
  const right = createHash('sha256').update(`${timestamp}${nonce}${key}`).update(body).digest()
  return /^[0-9a-f]{64}$/.test(signature) && timingSafeEqual(Buffer.from(signature, 'hex'), right)
}

/** `encrypted`: base64 of the iv and the AES-256-CBC blocks. Undefined where that is not what it is, or the key is another. */
export function decrypt(encrypted: string, key: string): Buffer | undefined {
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.toString('base64') !== encrypted) return undefined
  try {
    const iv = bytes.subarray(0, BLOCK)
    const decipher = createDecipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv)
    return Buffer.concat([decipher.update(bytes.subarray(BLOCK)), decipher.final()])
  } catch {
    return undefined
  }
}
