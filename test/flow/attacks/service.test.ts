// The service is taken over with every secret that it has, and writes what it likes.
import { createHash, createHmac, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { toThumbprint } from '#core/digest.ts'
import { withDomain } from '#core/signed-text.ts'
import type { Evidence } from '#core/statement.ts'
import { readGateConfig } from '#lib/config-gate.ts'
import { ARMED, createAttacked, ENVIRONMENT, expectOneStart } from '#support/attacked.ts'
import { sound } from '#support/flawed-tokens.ts'
import { soundHeader } from '#support/odd-tokens.ts'
import { BOBS_PASSKEY, signWith } from '#support/signers.ts'

const PLACES = {
  TABLESTORE_ENDPOINT: 'https://startgate.cn-hangzhou.vpc.tablestore.aliyuncs.com',
  TABLESTORE_INSTANCE: 'startgate',
  ECS_ENDPOINT: 'ecs-vpc.<region>.aliyuncs.com',
  GATE_FUNCTION: 'startgate-gate',
  STARTER_FUNCTION: 'startgate-starter',
  PUBLIC_URL: 'https://gate.example.com',
}

/** Every way to read a secret as bytes. */
function readingsOf(secret: string): readonly Buffer[] {
  const bare = secret.replace(/^wh(sk|sec)_/, '')
  const bytes = [secret, bare].flatMap((text) => [
    Buffer.from(text),
    Buffer.from(text, 'base64'),
    Buffer.from(text, 'hex'),
  ])
  return bytes.filter(({ length }) => length > 0)
}

function toEd25519(bytes: Buffer): KeyObject {
  const seed = bytes.length === 32 ? bytes : createHash('sha256').update(bytes).digest()
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

const encode = (text: string): string => Buffer.from(text).toString('base64url')

/** Everything that the bytes of a secret can sign, in the name of bob. */
function forgeriesOf(bytes: Buffer, text: string): readonly Evidence[] {
  const key = toEd25519(bytes)
  const own = toThumbprint(createPublicKey(key).export({ format: 'jwk' }) as Record<string, string>)
  const toJws = (header: object, signed: (input: string) => Buffer): Evidence => {
    const input = `${encode(JSON.stringify({ ...soundHeader('bob'), ...header }))}.${encode(text)}`
    return { kind: 'jws', token: `${input}.${signed(input).toString('base64url')}` }
  }
  const macs = ['256', '384', '512'].map((bits) =>
    toJws({ alg: `HS${bits}` }, (input) => createHmac(`sha${bits}`, bytes).update(input).digest()),
  )
  const mine = (input: string): Buffer => sign(null, Buffer.from(input), key)
  const { clientData, authenticatorData, ...assertion } = BOBS_PASSKEY.assert(text)
  const signed = [
    authenticatorData,
    createHash('sha256').update(Buffer.from(clientData, 'base64url')).digest('base64url'),
  ]
  const signature = sign(null, Buffer.concat(signed.map((part) => Buffer.from(part, 'base64url'))), key)
  return [
    ...macs,
    toJws({}, (input) => createHmac('sha512', bytes).update(input).digest()),
    toJws({}, mine),
    toJws({ kid: own }, mine),
    toJws({ kid: own, jwk: createPublicKey(key).export({ format: 'jwk' }) }, mine),
    { ...assertion, clientData, authenticatorData, signature: signature.toString('base64url') },
    { kind: 'jws', token: `${encode(JSON.stringify(soundHeader('bob')))}.${encode(text)}.${encode(withDomain(text))}` },
  ]
}

describe('attack: service compromise', () => {
  test('the environment of this test is all that a gate may hold', () => {
    const { secrets } = readGateConfig({ ...PLACES, ...ENVIRONMENT }, ARMED)
    const held = JSON.stringify(secrets)
    for (const secret of Object.values(ENVIRONMENT)) expect(held).toContain(secret)
  })

  test.each(Object.entries(ENVIRONMENT))('%s makes no approval, however it is used as a key', async (_name, secret) => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const text = toCanonicalJson(sound(proposal, {}, attacked.clock.now()))
    for (const evidence of readingsOf(secret).flatMap((bytes) => forgeriesOf(bytes, text))) {
      expect((await attacked.decide(proposal, evidence)).status).toBe(403)
      await attacked.plant(proposal, evidence)
      await attacked.start(proposal.request.id)
    }
    expect(attacked.starts()).toBe(0)
    expect(attacked.runs.rows()).toEqual([])
    await attacked.plant(proposal, signWith('jws', 'bob', { proposal, at: attacked.clock.now() }))
    await expectOneStart(attacked, proposal)
  })

  test('what the gate signs for receivers, and the id that it derives, are no approvals either', async () => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const telling = JSON.stringify(attacked.messenger.delivered[0]?.telling)
    const key = toEd25519(Buffer.alloc(32, 7))
    const token = [JSON.stringify(soundHeader('bob')), telling].map(encode).join('.')
    const signature = sign(null, Buffer.from(token), key).toString('base64url')
    await attacked.plant(proposal, { kind: 'jws', token: `${token}.${signature}` })
    await attacked.plant(proposal, { kind: 'jws', token: proposal.request.id })
    await attacked.provoke(proposal)
    expect(attacked.starts()).toBe(0)
  })

  test('no answer of the gate, to anybody, holds anything that it could be made of', async () => {
    const attacked = createAttacked()
    const proposal = await attacked.asked()
    const { id } = proposal.request
    const paths = ['/healthz', '/.well-known/jwks.json', `/v1/start-requests/${id}`, `/v1/start-requests/${id}/receipt`]
    const answers = await Promise.all(paths.map(async (path) => (await attacked.app.request(path)).text()))
    const said = answers.join('') + JSON.stringify(attacked.log.lines) + attacked.record()
    for (const secret of Object.values(ENVIRONMENT)) expect(said).not.toContain(secret.replace(/^wh[a-z]+_/, ''))
  })
})
