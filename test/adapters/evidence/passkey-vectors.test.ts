// The published assertions of W3C WebAuthn Level 3, §Test Vectors: each is accepted, or is an exception with its reason.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judgeAssertion } from '#adapters/evidence/passkey.ts'
import { keySchema } from '#core/key-form.ts'
import type { Key, Passkey } from '#core/key.ts'
import type { Assertion } from '#core/webauthn-assertion.ts'

interface Vector extends Omit<Assertion, 'credential'> {
  readonly name: string
  readonly key: Readonly<Record<string, string>> & { readonly passkey: string }
  readonly challenge: string
}

const FILE = new URL('../../fixtures/webauthn-level-3.json', import.meta.url)
const { origin, rpId, vectors } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly origin: string
  readonly rpId: string
  readonly vectors: readonly Vector[]
}

/** By name: a policy takes no such key, so nobody can approve with it. */
const NO_SUCH_KEY: Readonly<Record<string, string>> = {
  'packed-es384': 'P-384: of this family, policies have P-256 alone',
  'packed-es512': 'P-521: the same',
  'packed-ed448': 'Ed448: of this family, policies have Ed25519 alone; the library does not verify it',
}

/** By name: sound assertions that WebAuthn leaves to be judged by who asked for them, and that approve nothing here. */
const REFUSED: Readonly<Record<string, readonly [flaw: string, reason: string]>> = {
  'none-es256': ['not_verified', 'nobody proved to be the owner'],
  'packed-self-es256': ['not_verified', 'the same'],
  'packed-rs256': ['not_verified', 'the same'],
  'packed-eddsa': ['not_verified', 'the same'],
  'android-key-es256': ['not_verified', 'the same'],
  'apple-es256': ['not_verified', 'the same'],
  'fido-u2f-es256': ['not_verified', 'the same'],
  'none-es256-crossOrigin': ['another_origin', 'made in a frame of another page'],
  'none-es256-topOrigin': ['another_origin', 'made in a frame of another page, which it names'],
}

const holdable = vectors.filter(({ name }) => !(name in NO_SUCH_KEY))
const refused = holdable.filter(({ name }) => name in REFUSED)
const accepted = holdable.filter(({ name }) => !(name in REFUSED))

it('all fifteen are here, and every exception is one of them', () => {
  expect(vectors).toHaveLength(15)
  expect([accepted.length, refused.length]).toEqual([3, Object.keys(REFUSED).length])
  expect(vectors.length - holdable.length).toBe(Object.keys(NO_SUCH_KEY).length)
})

describe('accepted', () => {
  it.each(accepted)('$name', async (vector) => {
    expect(await judge(vector)).toBeUndefined()
  })

  it.each(accepted)('$name, and no longer with one bit of its signature turned', async (vector) => {
    const bytes = Buffer.from(vector.signature, 'base64url')
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)

    expect(await judge({ ...vector, signature: bytes.toString('base64url') })).toBe('signature')
  })

  it.each(accepted)('$name, and not for another challenge', async (vector) => {
    expect(await judge(vector, vectors.find(({ name }) => name !== vector.name)?.challenge)).toBe('signature')
  })
})

describe('refused, for what it says and not for its signature', () => {
  it.each(Object.entries(REFUSED))('%s: %s', async (name, [flaw]) => {
    const vector = findVector(name)

    expect(await judge(vector)).toBe(flaw)
    expect(isSigned(vector)).toBe(true)
  })
})

describe('no key of a policy', () => {
  it.each(Object.entries(NO_SUCH_KEY))('%s: %s', (name) => {
    expect(keySchema.safeParse(findVector(name).key).success).toBe(false)
  })
})

function findVector(name: string): Vector {
  const found = vectors.find((each) => each.name === name)
  if (found === undefined) throw new Error(`${name} is not published`)
  return found
}

async function judge(vector: Vector, challenge = vector.challenge): Promise<string | undefined> {
  const key = keySchema.parse(vector.key)
  if (!isPasskey(key)) throw new Error(`${vector.name} has no credential id`)
  return judgeAssertion({ ...vector, credential: key.passkey }, { challenge, origin, rpId, key })
}

function isPasskey(key: Key): key is Passkey {
  return key.passkey !== undefined
}

/** With nothing but Node's own cryptography. */
function isSigned({ key: { passkey: _id, ...jwk }, authenticatorData, clientData, signature }: Vector): boolean {
  const hash = createHash('sha256').update(decode(clientData)).digest()
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const data = Buffer.concat([decode(authenticatorData), hash])
  return verify(jwk['kty'] === 'OKP' ? null : 'sha256', data, key, decode(signature))
}

function decode(text: string): Buffer {
  return Buffer.from(text, 'base64url')
}
