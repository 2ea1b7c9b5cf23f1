// Tokens that no honest tool would make: any header, any payload, signed by whoever is told to, or by nobody.
import { createHmac, createPrivateKey, sign } from 'node:crypto'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { readStrings } from '#core/ssh-wire.ts'
import { kidOf, PRIVATE_JWKS, type Holder } from './keys.ts'
import { armour, string, toNumber, unarmour } from './soft-ssh.ts'

export interface Oddities {
  /** The holder of the key that signs; default: whoever the header names. */
  readonly signer?: Holder
  /** Replaces members of a sound header. */
  readonly header?: Readonly<Record<string, unknown>>
  /** The whole header as text. */
  readonly headerText?: string
}

export function soundHeader(holder: Holder): Readonly<Record<string, unknown>> {
  return { alg: algorithmOf(holder), kid: kidOf(holder), typ: 'startgate-approval+jwt' }
}

/** `payload`: an object, or the exact text. */
export function makeToken(holder: Holder, payload: object | string, odd: Oddities = {}): string {
  const { signer = holder, header = {}, headerText } = odd
  const input = toInput(headerText ?? JSON.stringify({ ...soundHeader(holder), ...header }), payload)
  const key = createPrivateKey({ key: PRIVATE_JWKS[signer], format: 'jwk' })
  const hash = algorithmOf(signer) === 'ES256' ? 'sha256' : null
  return `${input}.${sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** Signed by anybody who knows a public key, if a verifier takes it for a shared secret. */
export function makeHs256Token(holder: Holder, payload: object, secret: string | Buffer): string {
  const input = toInput(JSON.stringify({ ...soundHeader(holder), alg: 'HS256' }), payload)
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

/** Another spelling of the same last character: decoders ignore its unused bits. */
export function respell(token: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = digits.indexOf(token.at(-1) ?? '')
  return `${token.slice(0, -1)}${digits[last ^ 1] ?? ''}`
}

const ORDER_OF_P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The other signature that is as good: (r, n - s). Anybody can make it of the first. */
export function mirror(token: string): string {
  const [header, payload, signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const other = Buffer.concat([bytes.subarray(0, 32), toOther(bytes.subarray(32))])
  return `${header}.${payload}.${other.toString('base64url')}`
}

/** The same of an SSH signature by a P-256 key. */
export function mirrorSsh(signature: string): string {
  const bytes = unarmour(signature)
  const [blob, namespace, reserved, hash, made] = readStrings(bytes.subarray(SSHSIG)) ?? []
  const [type, raw] = readStrings(made ?? Buffer.alloc(0)) ?? []
  const [r, s] = readStrings(raw ?? Buffer.alloc(0)) ?? []
  const pair = Buffer.concat([r, toNumber(toOther(s ?? Buffer.alloc(0)))].map((part) => string(part ?? '')))
  const outer = [blob, namespace, reserved, hash, Buffer.concat([string(type ?? ''), string(pair)])]
  return armour(Buffer.concat([bytes.subarray(0, SSHSIG), ...outer.map((part) => string(part ?? ''))]))
}

/** The same of an assertion by a P-256 passkey, which is in DER. */
export function mirrorPasskey(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url')
  const end = 4 + bytes.readUInt8(3)
  const s = toNumber(toOther(bytes.subarray(end + 2)))
  const numbers = Buffer.concat([bytes.subarray(2, end), Buffer.of(2, s.length), s])
  return Buffer.concat([Buffer.of(0x30, numbers.length), numbers]).toString('base64url')
}

const SSHSIG = 'SSHSIG'.length + 4

function toOther(s: Buffer): Buffer {
  const other = ORDER_OF_P256 - BigInt(`0x${s.toString('hex')}`)
  return Buffer.from(other.toString(16).padStart(64, '0'), 'hex')
}

function toInput(header: string, payload: object | string): string {
  const text = typeof payload === 'string' ? payload : toCanonicalJson(payload)
  return [header, text].map((part) => Buffer.from(part).toString('base64url')).join('.')
}

function algorithmOf(holder: Holder): string {
  return PRIVATE_JWKS[holder].kty === 'EC' ? 'ES256' : 'EdDSA'
}
