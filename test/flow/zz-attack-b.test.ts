import { expect, test } from 'vitest'
import { approve, cancel, deny } from '#flow/decide.ts'
import { readGateConfig } from '#lib/config.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { createWorld, INSTANCE, ASKER, WISH, type World } from '#support/world.ts'
import { createRow, headOf, NO_HEAD } from '#core/row.ts'
import { createInstanceLooks } from '#adapters/ecs/looks.ts'
import { DURATIONS } from '#core/durations.ts'
import { askSchema } from '#adapters/web/schemas.ts'
const say = (...x: unknown[]) => console.log(...x.map((v) => (typeof v === 'string' ? v : JSON.stringify(v))))
const MIN = 60_000

test('secret name collision', () => {
  const doc = teamDocument() as any
  doc.machines = { bot: { webhook: { v1: true } }, 'bot-previous': { webhook: { v1: true } } }
  doc.rules[0].requesters = ['alice', 'bot', 'bot-previous']
  const secret = (c: string) => 'whsec_' + Buffer.from(c.repeat(24)).toString('base64')
  const { secrets } = readGateConfig({
    TABLESTORE_ENDPOINT: 'https://x.example.com', TABLESTORE_INSTANCE: 'abc', ECS_ENDPOINT: 'x', GATE_FUNCTION: 'g', STARTER_FUNCTION: 's', PUBLIC_URL: 'https://g.example.com',
    VIEW_KEY: 'x'.repeat(32), GATE_SIGNING_KEY: 'whsk_' + Buffer.alloc(32).toString('base64'),
    CALLER_SECRET_BOT: secret('a'), CALLER_SECRET_BOT_PREVIOUS: secret('b'),
  }, teamPolicy({ ...doc, schedules: {}, rules: [doc.rules[0]] }))
  say('B1', secrets.callers)
})

test('deny of a stream whose first row this version cannot read', async () => {
  const world = createWorld()
  const { proposal } = await world.ask()
  const id = proposal.request.id
  const [row] = world.asks.rows()
  const { prev: _p, hash: _h, n: _n, ...content } = row as any
  world.asks.overwrite(createRow({ ...content, body: { ...content.body, proposal: { ...proposal, v: 2 } } }, NO_HEAD))
  const out = await deny(world.gate, id, await world.sign('bob', 'deny', proposal, 'no'))
  say('B2', out)
  say('B2 cancel', await cancel(world.gate, id, 'alice'))
})

test('notBefore corner cases', () => {
  for (const t of ['2026-11-23T24:00:00Z', '2026-11-23T09:00Z', '2026-11-23T09:00:00.1234567890123456789+23:59', '0000-01-01T00:00:00Z', '2026-02-29T00:00:00Z', '2026-11-23T09:00:00-00:00', '2026-11-23t09:00:00z', '+012026-01-01T00:00:00Z'])
    say('B3', t, askSchema.safeParse({ instanceId: 'i-abcd', reason: 'x', notBefore: t }).success, String(Date.parse(t)))
})

test('a mistyped region', async () => {
  const looks = createInstanceLooks({ endpoint: 'ecs.<region>.aliyuncs.invalid', accountId: '1', credentials: () => ({ accessKeyId: 'STS.x', accessKeySecret: 'y', securityToken: 'z' }), durations: DURATIONS })
  say('B4', await looks.look('cn-hangzou', ['i-abcd']).catch(e => [e.code, e.message]))
})

test('a denial in decide phase, gate dies after it, hints lost: when is it finished', async () => {
  let hook: ((c: any) => Promise<void>) | undefined
  const world: World = createWorld({ gateway: async (c) => hook?.(c) })
  const { proposal } = await world.ask({ notBefore: world.clock.now() + 3 * 86_400_000 })
  const id = proposal.request.id
  await world.runHints()
  for (let i = 0; i < 9 * 60; i++) { await world.clock.advance(MIN); await world.tellDue() }
  hook = async (c) => { if (c.service === 'runs') throw new Error('dies') }
  await deny(world.gate, id, await world.sign('carol', 'deny', proposal, 'no')).catch(() => {})
  hook = undefined
  let at = -1
  for (let i = 0; i < 60 * 24; i++) { await world.clock.advance(MIN); await world.tellDue(); if (at < 0 && world.asks.rows().some(r => r.type === 'stopped')) at = i }
  say('B5 minutes', at)
})

test('repeats keep an expired request from being told', async () => {
  const world = createWorld()
  const { proposal } = await world.ask()
  await world.runHints()
  for (let i = 0; i < 240; i++) {
    await world.clock.advance(MIN / 2); await world.ask().catch(() => {})
    await world.clock.advance(MIN / 2); await world.tellDue()
  }
  const l = await world.load(proposal.request.id)
  say('B6 4h', l.standing.state, world.messenger.delivered.map(d => (d.telling as any).view.state), 'entry.createdAt moved by min', (world.open.entries()[0]!.createdAt - proposal.request.createdAt) / MIN)
})

test('key ends between the judging and attempted', async () => {
  const doc = teamDocument() as any
  doc.people.bob.keys = doc.people.bob.keys.map((k: any) => ({ ...k, until: '2026-11-23T09:05:00Z' }))
  let hook: ((c: any) => Promise<void>) | undefined
  const world: World = createWorld({ policy: teamPolicy(doc), gateway: async (c) => hook?.(c) })
  const { proposal } = await world.ask()
  const id = proposal.request.id
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  await world.clock.advance(5 * MIN - 2000)
  hook = async (c) => { if (c.operation === 'DescribeInstances') { hook = undefined; await world.clock.advance(5000) } }
  await world.start(id)
  say('B7', world.runs.rows().map(r => [r.type, new Date(r.at).toISOString()]))
  const l = await world.load(id)
  const { judgeReceipt } = await import('#lib/cli/judge/judge-receipt.ts')
  const { createEvidenceVerifier } = await import('#adapters/evidence/verifier.ts')
  const { AUDIENCE } = await import('#support/team.ts')
  const j = await judgeReceipt({ receipt: { audience: AUDIENCE, asks: l.asks.rows, runs: l.runs.rows }, policy: world.gate.policy, verifier: createEvidenceVerifier(), heads: [], audience: undefined, now: world.clock.now(), durations: DURATIONS })
  say('B7 verified', j.verified, j.checks.filter(c => c.verdict === 'wrong'))
})

test('policy redeployed: an ex-approver, still a person, kills a request', async () => {
  const world = createWorld()
  const { proposal } = await world.ask()
  const id = proposal.request.id
  const doc = teamDocument() as any
  doc.rules[0].approvers = ['alice', 'bob']
  const policy = teamPolicy(doc)
  const gate = { ...world.gate, policy }
  const starter = { ...world.starter, policy }
  const out = await approve(gate, id, await world.sign('carol', 'approve', proposal))
  const { start } = await import('#flow/start.ts')
  await start(starter, id)
  const l = await world.load(id)
  say('B8', 'refusal' in out ? out.refusal : out.standing.state, l.standing.state, l.runs.last?.body)
})
