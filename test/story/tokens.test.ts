// Approval tokens of every wrong kind, sent to the API as anybody on the internet could.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toCanonicalJson } from '#core/canonical-json.ts'
import type { Proposal } from '#core/proposal.ts'
import type { RequestId } from '#core/request-id.ts'
import { CALLER_SECRET, deploy, type Deployment } from '#support/deployment.ts'
import { FLAWED_STATEMENTS, FLAWED_TEXTS, FLAWED_TOKENS, sound } from '#support/flawed-tokens.ts'
import { publicJwk } from '#support/keys.ts'
import { makeToken, mirror } from '#support/odd-tokens.ts'

const instances = ['target', 'other', 'bot', 'brief', 'race', 'both', 'p256'].map((name) => ({
  id: `i-bp1${name}`,
  region: 'cn-hangzhou',
  tags: {
    team: ['race', 'both'].includes(name) ? 'scratch' : name === 'brief' ? 'brief' : 'reporting',
    startgate: 'allowed',
  },
  startingMs: 0,
}))

let gate: Deployment
/** A request that bob may approve, another one, and one that deploy-bot made on behalf of bob. */
let target: Proposal
let other: Proposal
let bots: Proposal

beforeAll(async () => {
  gate = await deploy({
    instances,
    timers: false,
    // Nothing here waits for time to pass, and the windows for a signature are then the real ones.
    timeScale: 1,
    policy: (document) => {
      const people = document['people'] as Record<string, object>
      const expired = { keys: [{ ...publicJwk('dave'), until: '2020-01-01T00:00:00Z' }] }
      const [reporting, scratch] = document.rules
      const approvers = ['alice', 'bob', 'carol', 'dave', 'erin']
      const brief = { ...reporting, name: 'brief', instances: { tags: { team: 'brief' } }, validFor: '1s' }
      return {
        ...document,
        people: { ...people, dave: expired, erin: { keys: [publicJwk('erin')] } },
        rules: [{ ...reporting, approvers }, { ...scratch, approvers: ['bob', 'carol', 'erin'] }, brief],
      }
    },
  })
  target = await ask('i-bp1target')
  other = await ask('i-bp1other')
  const onBehalf = { instanceId: 'i-bp1bot', reason: 'Deploying', onBehalfOf: 'bob' }
  bots = (await gate.show((await gate.askByWebhook(onBehalf, CALLER_SECRET)).body.id)).proposal
  await gate.functions.idle()
})
afterAll(async () => gate.close())

async function ask(instanceId: string): Promise<Proposal> {
  const { status, body } = await gate.ask({ instanceId })
  if (status !== 201) throw new Error(`asking failed: ${JSON.stringify(body)}`)
  return (await gate.show(body.id)).proposal
}

async function post(id: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${gate.url}/v1/start-requests/${id}/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, text: await response.text() }
}

function asks(id: string): number {
  return gate.cloud.tablestore.rows('asks').filter(({ primaryKey }) => primaryKey['request'] === id).length
}

const REFUSED = JSON.stringify({
  type: 'urn:startgate:token_refused',
  status: 403,
  title: 'Token not accepted',
  detail:
    'This token is not accepted for this request. Fetch the request again and sign what it shows with a key of an approver.',
})

/** The same answer to the byte whatever is wrong; what it was is for the log alone. */
async function expectRefused(token: string, flaw: string, decision = 'approve', { request } = target): Promise<void> {
  const [rows, lines] = [asks(request.id), gate.functions.logs('gate').length]
  const answer = await post(request.id, { decision, evidence: { kind: 'jws', token } })
  expect(answer).toEqual({ status: 403, text: REFUSED })
  const logged = gate.functions
    .logs('gate')
    .slice(lines)
    .map(({ text }) => JSON.parse(text) as Record<string, unknown>)
  expect(logged.filter(({ event }) => event === 'call.token_refused')).toMatchObject([{ flaw }])
  expect(asks(request.id)).toBe(rows)
}

test('whatever is wrong with a token, the built gate answers alike to the byte', async () => {
  const at = { target, other, at: Date.now() }
  for (const [, make, flaw] of Object.values(FLAWED_TOKENS).flat()) await expectRefused(make(at), flaw)
  for (const [, change, flaw] of FLAWED_STATEMENTS)
    await expectRefused(makeToken('bob', sound(target, change(at))), flaw)
  for (const [, change] of FLAWED_TEXTS)
    await expectRefused(makeToken('bob', change(toCanonicalJson(sound(target)))), 'statement')
})

test('a token by a key that is no longer valid is refused', async () => {
  await expectRefused(makeToken('dave', sound(target, { approver: 'dave' })), 'key_not_valid_then')
})

test('a token by the person behind the machine that asked is refused', async () => {
  await expectRefused(makeToken('bob', sound(bots)), 'is_the_requester', 'approve', bots)
})

test('an approval does not pass for a denial', async () => {
  await expectRefused(makeToken('bob', sound(target)), 'another_decision', 'deny')
})

test('an approval does not pass for the signature of a call', async () => {
  const authorization = `Bearer ${makeToken('alice', sound(target, { approver: 'alice' }))}`
  const lines = gate.functions.logs('gate').length
  const body = { instanceId: 'i-bp1target', reason: 'mine' }
  const asked = await gate.call('POST', '/v1/start-requests', {
    body,
    headers: { authorization, 'idempotency-key': 'a' },
  })
  expect(asked.status).toBe(401)
  expect(
    gate.functions
      .logs('gate')
      .slice(lines)
      .map(({ text }) => text)
      .join(''),
  ).toContain('"flaw":"header"')
})

const evidence = () => ({ kind: 'jws', token: makeToken('bob', sound(target)) })

const MALFORMED: readonly (readonly [string, () => unknown, Record<string, string>])[] = [
  ['no evidence', () => ({ decision: 'approve' }), {}],
  ['a kind that there is not', () => ({ decision: 'approve', evidence: { ...evidence(), kind: 'word' } }), {}],
  ['an empty token', () => ({ decision: 'approve', evidence: { kind: 'jws', token: '' } }), {}],
  [
    'a token of 8 KB and a byte',
    () => ({ decision: 'approve', evidence: { kind: 'jws', token: 'a'.repeat(8193) } }),
    {},
  ],
  ['a token that is a list', () => ({ decision: 'approve', evidence: { kind: 'jws', token: [evidence().token] } }), {}],
  ['an entry more', () => ({ decision: 'approve', evidence: { ...evidence(), principal: 'bob' } }), {}],
  ['a decision that there is not', () => ({ decision: 'yes', evidence: evidence() }), {}],
  ['a list', () => [{ decision: 'approve', evidence: evidence() }], {}],
  ['no JSON', () => 'approve', {}],
  ['a form', () => ({ decision: 'approve', evidence: evidence() }), { 'content-type': 'text/plain' }],
]

test.each(MALFORMED)('a decision with %s is malformed', async (_what, body, headers) => {
  const rows = asks(target.request.id)
  const { status, text } = await post(target.request.id, body(), headers)
  expect({ status, type: (JSON.parse(text) as { type: string }).type }).toEqual({
    status: 400,
    type: 'urn:startgate:malformed',
  })
  expect(asks(target.request.id)).toBe(rows)
})

test('after all of that nothing has started, and the sound token starts it', async () => {
  expect(gate.cloud.spine.operations.since().filter(({ operation }) => operation === 'StartInstance')).toEqual([])
  expect((await post(target.request.id, { decision: 'approve', evidence: evidence() })).status).toBe(200)
  await gate.functions.idle()
  expect(gate.cloud.ecs.instances.starts()).toMatchObject([{ instanceId: 'i-bp1target' }])
})

test('a sound token after the end of its time decides nothing', async () => {
  const brief = await ask('i-bp1brief')
  const { id, expiresAt } = brief.request
  await gate.until('its time is over', () => (Date.now() >= expiresAt ? true : undefined))
  const token = makeToken('bob', sound(brief))
  const { status, text } = await post(id, { decision: 'approve', evidence: { kind: 'jws', token } })
  expect({ status, type: (JSON.parse(text) as { type: string }).type }).toEqual({
    status: 409,
    type: 'urn:startgate:expiring',
  })
  await gate.functions.invoke('starter', { hint: id })
  expect(gate.cloud.ecs.instances.starts('i-bp1brief')).toEqual([])
})

describe('one person counts once', () => {
  const approvals = async (id: RequestId) => (await gate.receipt(id)).asks.filter(({ type }) => type === 'approved')
  const approve = async (id: RequestId, tokens: readonly string[]) =>
    Promise.all(
      tokens.map(async (token) => (await post(id, { decision: 'approve', evidence: { kind: 'jws', token } })).status),
    )

  test('whose token is sent ten times at once', async () => {
    const race = await ask('i-bp1race')
    const { id } = race.request
    const token = makeToken('bob', sound(race))
    expect(
      await approve(
        id,
        Array.from({ length: 10 }, () => token),
      ),
    ).toEqual(Array.from({ length: 10 }, () => 200))
    await gate.functions.idle()
    expect(await approvals(id)).toHaveLength(1)
    expect((await gate.show(id)).state).toBe('pending')
    expect(gate.cloud.ecs.instances.starts('i-bp1race')).toEqual([])
  })

  test('who signs again, or whose signature is mirrored; two who approve at once count twice', async () => {
    const both = await ask('i-bp1both')
    const { id } = both.request
    const erins = makeToken('erin', sound(both, { approver: 'erin' }))
    const again = makeToken('erin', sound(both, { approver: 'erin', reason: 'again' }))
    expect(await approve(id, [erins, mirror(erins), again])).toEqual([200, 200, 200])
    expect(await approvals(id)).toHaveLength(1)
    const two = [makeToken('bob', sound(both)), makeToken('carol', sound(both, { approver: 'carol' }))]
    expect(await approve(id, two)).toEqual([200, 200])
    await gate.functions.idle()
    expect(await approvals(id)).toHaveLength(3)
    expect(gate.cloud.ecs.instances.starts('i-bp1both')).toHaveLength(1)
  })
})
