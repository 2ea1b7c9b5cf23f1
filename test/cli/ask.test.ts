import { createHash } from 'node:crypto'
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kidOf, publicJwk, type Holder } from '#support/keys.ts'
import { aProposal, AUDIENCE, INSTANCE, NOW, REQUEST } from '#support/samples.ts'
import { startGate, type Gate } from './gate.ts'
import { useTerminal } from './terminal.ts'

const terminal = useTerminal()
const ask = ['ask', '--instance', INSTANCE, '--reason', 'The weekly report is due']
let gate: Gate

beforeEach(async () => void (gate = await startGate(aProposal())))
afterEach(async () => await gate.close())

describe('ask', () => {
  it('sends what was asked under a key that it makes, and says what comes next', async () => {
    const { code, out } = await terminal.run(ask, { gate, who: 'alice' })

    expect(code).toBe(0)
    expect(gate.calls).toHaveLength(1)
    expect(gate.calls[0]).toMatchObject({ method: 'POST', path: '/v1/start-requests' })
    expect(gate.calls[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
    expect(JSON.parse(gate.calls[0]?.body ?? '')).toEqual({ instanceId: INSTANCE, reason: 'The weekly report is due' })
    expect(out).toContain(`startgate approve ${REQUEST}`)
    expect(out).toContain('expires in 1 h 59 min (2026-11-23 11:00:00 UTC)')
    expect(out).toMatch(new RegExp(`Review +https://gate.example.com/r/${REQUEST}\n`))
    expect(out).toMatch(/Idempotency key +[0-9a-f-]{36}\n/)
    expect(out).toContain(`asks:1:${gate.books.asks[0]?.hash}`)
  })

  it('sends an alias as it is written, and shows the instance that was recorded', async () => {
    const args = ['ask', '--instance', 'report-db', '--reason', 'The weekly report is due']
    const { code, out } = await terminal.run(args, { gate, who: 'alice' })

    expect(code).toBe(0)
    expect(JSON.parse(gate.calls[0]?.body ?? '')).toMatchObject({ instanceId: 'report-db' })
    expect(out).toContain(`start ${INSTANCE} in `)
  })

  it('sends every option', async () => {
    const flags = ['--region', 'cn-beijing', '--account', '1234567890123456', '--dry-run', '--init-local-disk']
    const more = ['--not-before', '+30m', '--on-behalf-of', 'alice', '--idempotency-key', 'nightly-1']
    await terminal.run([...ask, ...flags, ...more], { gate, who: 'deploy-bot' })

    expect(gate.calls[0]?.headers['idempotency-key']).toBe('nightly-1')
    expect(JSON.parse(gate.calls[0]?.body ?? '')).toEqual({
      instanceId: INSTANCE,
      reason: 'The weekly report is due',
      regionId: 'cn-beijing',
      accountId: '1234567890123456',
      dryRun: true,
      initLocalDisk: true,
      notBefore: '2026-11-23T09:31:00.000Z',
      onBehalfOf: 'alice',
    })
  })

  it.each<[Holder, string]>([
    ['alice', 'EdDSA'],
    ['erin', 'ES256'],
  ])('is signed by %s over this very call with %s', async (who, alg) => {
    await terminal.run(ask, { gate, who })
    const [call] = gate.calls
    const token = String(call?.headers.authorization).replace('Bearer ', '')
    const { payload } = await compactVerify(token, await importJWK({ ...publicJwk(who) }, alg))

    expect(decodeProtectedHeader(token)).toEqual({ alg, kid: kidOf(who), typ: 'startgate-call+jwt' })
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual({
      iss: who,
      aud: AUDIENCE,
      iat: NOW / 1000 + 60,
      exp: NOW / 1000 + 180,
      htm: 'POST',
      htu: '/v1/start-requests',
      digest: createHash('sha256')
        .update(call?.body ?? '')
        .digest('base64url'),
    })
  })

  it('repeats an unclear failure with the same key', async () => {
    gate.faults.push('reset', { status: 503, body: 'busy' })
    const { code } = await terminal.run(ask, { gate, who: 'alice' })
    const keys = gate.calls.map(({ headers }) => headers['idempotency-key'])

    expect(code).toBe(0)
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
  })

  it('gives up after a few, and tells the key that makes a repeat safe', async () => {
    gate.faults.push('reset', 'reset', 'reset', 'reset', 'reset')
    const { code, err } = await terminal.run(ask, { gate, who: 'alice' })

    expect(code).toBe(3)
    expect(gate.calls).toHaveLength(4)
    expect(err).toContain(`--idempotency-key ${String(gate.calls[0]?.headers['idempotency-key'])}`)
  })

  it('shows a refusal with the paths of what is wrong, and does not repeat it', async () => {
    const body = {
      type: 'urn:startgate:malformed',
      title: 'Malformed',
      status: 400,
      detail: 'See errors.',
      errors: [{ path: 'reason', message: 'one line' }],
    }
    gate.faults.push({ status: 400, body })
    const { code, err } = await terminal.run(ask, { gate, who: 'alice' })

    expect(code).toBe(1)
    expect(gate.calls).toHaveLength(1)
    expect(err).toContain('Malformed. See errors.')
    expect(err).toContain('  reason: one line')
    gate.faults.push({ status: 400, body })
    const json = JSON.parse((await terminal.run([...ask, '--json'], { gate, who: 'alice' })).err) as unknown
    expect(json).toMatchObject({ error: { exit: 1, problem: { status: 400, errors: [{ path: 'reason' }] } } })
  })

  it('notices that the gate recorded another instance', async () => {
    gate.lie = (answer) => ({ ...answer, says: 'start i-other in cn-hangzhou' })
    const { code, err } = await terminal.run(ask, { gate, who: 'alice' })

    expect(code).toBe(4)
    expect(err).toContain('i-other')
  })

  it('prints JSON, with the key', async () => {
    const { out } = await terminal.run([...ask, '--json', '--idempotency-key', 'k1'], { gate, who: 'alice' })

    expect(JSON.parse(out)).toMatchObject({
      id: REQUEST,
      state: 'pending',
      expiresAt: '2026-11-23T11:00:00.000Z',
      idempotencyKey: 'k1',
    })
  })

  it.each([
    [['ask', '--instance', 'i-1', '--reason', 'x']],
    [[...ask, '--not-before', '2026-11-23T18:00:00']],
    [[...ask, '--not-before', 'tomorrow']],
    [[...ask, '--idempotency-key', 'with blank']],
  ])('refuses %j before anything is sent', async (args) => {
    expect((await terminal.run(args, { gate, who: 'alice' })).code).toBe(2)
    expect(gate.calls).toEqual([])
  })
})

describe('the client', () => {
  it('does not follow a redirect with a signature', async () => {
    gate.faults.push({ status: 302, body: '', location: 'https://elsewhere.example.com/' })
    const { code, err } = await terminal.run(ask, { gate, who: 'alice' })

    expect(code).toBe(3)
    expect(gate.calls).toHaveLength(1)
    expect(err).toContain('elsewhere.example.com')
  })

  it('calls an answer that it cannot read a fault of the gate', async () => {
    gate.faults.push({ status: 200, body: '<html>' })
    expect(await terminal.run(ask, { gate, who: 'alice' })).toMatchObject({
      code: 3,
      err: expect.stringContaining('--url'),
    })
    gate.faults.push({ status: 404, body: '<html>' })
    expect((await terminal.run(['show', REQUEST], { gate })).code).toBe(3)
  })

  it('says which gate it could not reach', async () => {
    const { code, err } = await terminal.run(['show', REQUEST, '--url', 'http://127.0.0.1:1'])

    expect(code).toBe(3)
    expect(err).toContain('http://127.0.0.1:1 could not be reached')
  })

  it('stops reading an answer without end', async () => {
    const body = ' '.repeat(5 * 1024 * 1024)
    gate.faults.push(...[1, 2, 3, 4].map(() => ({ status: 200, body })))

    expect(await terminal.run(['show', REQUEST], { gate })).toMatchObject({
      code: 3,
      err: expect.stringContaining('longer than'),
    })
  })
})
