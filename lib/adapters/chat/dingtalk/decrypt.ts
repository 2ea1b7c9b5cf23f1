// How DingTalk encrypts a callback: AES-256-CBC over 16 random bytes, a length, the message, and a trailer that names the
// receiver. The padding is that of PKCS #7 up to 32 bytes, which no cipher of Node's takes off by itself.
import { createDecipheriv } from 'node:crypto'

const PADDED_TO = 32
const RANDOM = 16
const HEAD = RANDOM + 4

export interface Decrypted {
  readonly message: Buffer
  readonly trailer: string
}

/** As DingTalk shows it: 43 characters. The text never appears in what is thrown. */
export function parseAesKey(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]{43}$/.test(text)) throw new TypeError('an AES key of DingTalk is 43 characters of base64')
  return Buffer.from(`${text}=`, 'base64')
}

/** Undefined for what this key did not make, and for what is not exactly as long as it says. */
export function decrypt(encrypted: string, key: Buffer): Decrypted | undefined {
  const ciphertext = Buffer.from(encrypted, 'base64')
  if (ciphertext.toString('base64') !== encrypted) return undefined
  if (ciphertext.length === 0 || ciphertext.length % PADDED_TO !== 0) return undefined
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const content = takeOffPadding(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
  if (content === undefined || content.length < HEAD) return undefined
  const end = HEAD + content.readUInt32BE(RANDOM)
  if (end > content.length) return undefined
  return { message: content.subarray(HEAD, end), trailer: content.subarray(end).toString('latin1') }
}

function takeOffPadding(padded: Buffer): Buffer | undefined {
  const count = padded.at(-1) ?? 0
  if (count < 1 || count > PADDED_TO) return undefined
  return padded.subarray(-count).every((byte) => byte === count) ? padded.subarray(0, -count) : undefined
}
