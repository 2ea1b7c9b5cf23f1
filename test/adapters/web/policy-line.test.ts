import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ALGORITHMS, toPolicyLine } from '#adapters/web/page/browser/policy-line.ts'
import { keySchema } from '#core/key-form.ts'

const CREDENTIAL = Buffer.from('a credential of twenty-nine b').toString('base64url')

const KEYS: Readonly<Record<(typeof ALGORITHMS)[number], KeyObject>> = {
  [-7]: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
  [-8]: generateKeyPairSync('ed25519').publicKey,
  [-257]: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey,
}

function toSpki(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64url')
}

describe('the line for the policy', () => {
  it.each(ALGORITHMS)('of algorithm %d is a key as the policy takes it', async (algorithm) => {
    const made = await toPolicyLine(CREDENTIAL, toSpki(KEYS[algorithm]), algorithm)
    const [written] = parse(made?.line ?? '') as readonly [unknown]
    const { jwk, kid, passkey } = keySchema.parse(written)
    expect([kid, passkey]).toEqual([made?.kid, CREDENTIAL])
    expect(made?.line).toMatch(new RegExp(` # ${kid}$`))
    expect(createPublicKey({ key: { ...jwk }, format: 'jwk' }).equals(KEYS[algorithm])).toBe(true)
  })

  it('of another algorithm there is none', async () => {
    expect(await toPolicyLine(CREDENTIAL, toSpki(KEYS[-7]), -35)).toBeUndefined()
  })
})
