import { expect, test } from 'vitest'
import { approve, cancel, deny } from '#flow/decide.ts'
import { ask } from '#flow/ask.ts'
import { checkHealth } from '#flow/health.ts'
import { list, dayOf } from '#flow/list.ts'
import { teamDocument, teamPolicy, signStatement, signAs } from '#support/team.ts'
import { createWorld, INSTANCE, ASKER, WISH, type World } from '#support/world.ts'
import { DURATIONS } from '#core/durations.ts'
import { publicJwk } from '#support/keys.ts'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { judgeReceipt } from '#lib/cli/judge/judge-receipt.ts'
import { AUDIENCE } from '#support/team.ts'
import { parsePolicy } from '#core/policy.ts'

const MIN = 60_000
const say = (...x: unknown[]) => console.log(...x.map((v) => (typeof v === 'string' ? v : JSON.stringify(v))))

test('1 lost request: add says exists, timer clears ghost, raise false ignored', async () => {
  let hook: ((c: any) => Promise<void>) | undefined
  const world: World = createWorld({ gateway: async (c) => hook?.(c) })
  // first ask dies before commit
  hook = async (c) => { if (c.service === 'asks' && c.operation === 'PutRow') throw new Error('dies') }
  await world.ask().catch(() => {})
  hook = undefined
  await world.clock.advance(30 * MIN + 5 * MIN + 1000) // ghost past grace
  // repeat: after add -> exists, before raise, the tell timer clears
  let adds = 0
  hook = async (c) => {
    if (c.service === 'open' && c.operation === 'PutRow' && ++adds === 2) { hook = undefined; await world.tellDue() }
  }
  const asked = await world.ask()
  say('F1 created', asked.created, 'open entries', world.open.entries().length, 'asks', world.asks.rows().map(r => r.type))
  await world.runHints()
  const id = asked.proposal.request.id
  const out = await approve(world.gate, id, await world.sign('bob', 'approve', asked.proposal))
  say('F1 approve', 'refusal' in out ? out.refusal : 'ok')
  for (let i = 0; i < 60; i++) { await world.clock.advance(MIN); await world.tellDue(); await world.sweep() }
  say('F1 final state', (await world.load(id)).standing.state, 'told', world.messenger.delivered.map(d => (d.telling as any).view.state), 'days', world.days.entries().length)
})

test('2 approve again with new key after rotation', async () => {
  const document = teamDocument()
  const people = document['people'] as Record<string, { keys: Record<string, string>[] }>
  people['bob']!.keys = [
    { ...publicJwk('bob'), until: '2026-11-24T00:00:00Z' } as any,
    { ...publicJwk('erin'), from: '2026-11-23T00:00:00Z' } as any,
  ]
  const world = createWorld({ policy: teamPolicy(document) })
  const { proposal } = await world.ask({ notBefore: world.clock.now() + 2 * 86_400_000 })
  const id = proposal.request.id
  await world.runHints()
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  await world.clock.advance(86_400_000) // bob's old key is over
  const { createStatement } = await import('#core/statement.ts')
  const ev = await signStatement('erin', createStatement(proposal, 'approve', 'bob', Math.floor(world.clock.now() / 1000)))
  const again = await approve(world.gate, id, ev)
  say('F2 second yes', 'refusal' in again ? again.refusal : again.standing.state, world.asks.rows().map(r => r.type))
  await world.clock.advance(86_400_000 + MIN)
  await world.runHints(); await world.sweep()
  say('F2 runs', world.runs.rows().map(r => r.type), (await world.load(id)).standing.state)
  const v = await (await import('#core/view.ts'))
  const l = await world.load(id)
  say('F2 headline', v.createView(l.asks, l.runs, l.standing).headline)
})

test('3 replays of a recorded yes send a starter hint each; healthz leaks ids', async () => {
  const world = createWorld()
  const { proposal } = await world.ask({ notBefore: world.clock.now() + 3 * 86_400_000 })
  const id = proposal.request.id
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  world.hints.sent.length = 0
  const loaded = await world.load(id)
  const replayed = loaded.asks.approvals[0]!.evidence // what GET /events shows to whoever knows the id
  for (let i = 0; i < 100; i++) await approve(world.gate, id, replayed)
  say('F3 hints to starter', world.hints.sent.filter(h => h.to === 'starter').length)
  const w2 = createWorld()
  const a = await w2.ask()
  await approve(w2.gate, a.proposal.request.id, await w2.sign('bob', 'approve', a.proposal))
  await w2.clock.advance(6 * MIN)
  say('F3 health', await checkHealth(w2.gate))
})

test('4 __proto__ tag', async () => {
  const world = createWorld()
  const tags = JSON.parse('{"team":"reporting","__proto__":"x"}')
  world.instances.change(INSTANCE, { tags })
  let err
  try { await world.ask() } catch (e) { err = String(e) }
  say('F4', err ?? 'no error', world.asks.rows().map(r => r.type))
  const r = await ask(world.gate, ASKER, WISH).catch(e => String(e))
  say('F4 repeat', r)
  for (let i = 0; i < 60 * 26; i++) { await world.clock.advance(MIN); await world.tellDue().catch(()=>{}) }
  world.calls.forget()
  await world.tellDue().catch(()=>{})
  say('F4 after 26h open', world.open.entries().length, 'idle minute', world.calls.counts())
})

test('5 decide entries older than 24 h are read each minute', async () => {
  const world = createWorld()
  const { proposal } = await world.ask({ notBefore: world.clock.now() + 6 * 86_400_000 })
  await world.runHints()
  await world.clock.advance(86_400_000 + 10 * MIN)
  world.calls.forget()
  for (let i = 0; i < 60; i++) { await world.clock.advance(MIN); await world.tellDue() }
  say('F5 one hour, day 2, one undecided request', world.calls.counts())
  void proposal
})

test('6 an approval of a notBefore request is not told', async () => {
  const world = createWorld()
  const { proposal } = await world.ask({ notBefore: world.clock.now() + 3 * 86_400_000 })
  const id = proposal.request.id
  await world.runHints()
  await world.clock.advance(MIN)
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  await world.runHints()
  for (let i = 0; i < 60 * 24; i++) { await world.clock.advance(MIN); await world.tellDue(); }
  say('F6 told in 24h', world.messenger.delivered.filter(d => d.receiver === 'ops-room').map(d => (d.telling as any).view.state))
})

test('6b half no (gate died after denied) with notBefore', async () => {
  let hook: ((c: any) => Promise<void>) | undefined
  const world: World = createWorld({ gateway: async (c) => hook?.(c) })
  const { proposal } = await world.ask({ notBefore: world.clock.now() + 3 * 86_400_000 })
  const id = proposal.request.id
  await world.runHints()
  await world.clock.advance(MIN)
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  await world.runHints()
  hook = async (c) => { if (c.service === 'runs') throw new Error('dies') }
  await deny(world.gate, id, await world.sign('carol', 'deny', proposal, 'no')).catch(() => {})
  hook = undefined
  let at = -1
  for (let i = 0; i < 60 * 24 * 3 + 30; i++) { await world.clock.advance(MIN); await world.tellDue(); if (at < 0 && world.asks.rows().some(r => r.type === 'stopped')) at = i }
  say('F6b minutes until the no was finished and told', at)
})

test('7 a long detail makes an unreadable run', async () => {
  const doc = teamDocument() as any
  const tags: Record<string, string> = {}
  for (let i = 0; i < 12; i++) tags[`organisation-cost-centre-department-number-${i}`] = 'x'
  doc.rules[0].instances.tags = { ...doc.rules[0].instances.tags, ...tags }
  const world = createWorld({ policy: teamPolicy(doc) })
  world.instances.change(INSTANCE, { tags: { team: 'reporting', ...tags } })
  const { proposal } = await world.ask()
  const id = proposal.request.id
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  world.instances.change(INSTANCE, { tags: { team: 'reporting' } })
  await world.runHints()
  for (let i = 0; i < 60 * 25; i++) { await world.clock.advance(MIN); await world.tellDue(); await world.sweep() }
  const l = await world.load(id)
  say('F7 state 25 h later', l.standing.state, l.standing.final, l.runs.fault, 'open', world.open.entries().length)
})

test('8 verify of an honest record', async () => {
  let hook: ((c: any) => Promise<void>) | undefined
  const world: World = createWorld({ gateway: async (c) => hook?.(c) })
  const { proposal } = await world.ask()
  const id = proposal.request.id
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  world.instances.change(INSTANCE, { status: 'Running' })
  let out: any
  hook = async (c) => {
    if (c.service === 'runs' && c.operation === 'PutRow') { hook = undefined; out = await deny(world.gate, id, await world.sign('carol', 'deny', proposal, 'no')) }
  }
  await world.start(id)
  const l = await world.load(id)
  say('F8 deny', out.outcome, l.asks.rows.map(r => r.type), l.runs.rows.map(r => [r.type, (r.body as any).next?.do]), l.standing.state)
  const j = await judgeReceipt({ receipt: { audience: AUDIENCE, asks: l.asks.rows, runs: l.runs.rows }, policy: world.gate.policy, verifier: createEvidenceVerifier(), heads: [], audience: undefined, now: world.clock.now(), durations: DURATIONS })
  say('F8 verified', j.verified, j.checks.filter(c => c.verdict === 'wrong'))
})

test('9 list misses a request on its way from open to days', async () => {
  let hook: ((c: any) => Promise<void>) | undefined
  const world: World = createWorld({ gateway: async (c) => hook?.(c) })
  const { proposal } = await world.ask()
  const id = proposal.request.id
  await world.runHints()
  await cancel(world.gate, id, 'alice')
  // list: days read first, then open after the removal
  let moved = false
  hook = async (c) => { if (c.service === 'open' && c.operation === 'GetRange' && !moved) { moved = true; await world.runHints() } }
  const l = await list(world.gate, dayOf(proposal.request.createdAt))
  hook = undefined
  const l2 = await list(world.gate, dayOf(proposal.request.createdAt))
  say('F9', l.items.length, 'then', l2.items.length)
})

test('10 lint gaps', async () => {
  const doc = teamDocument() as any
  doc.rules = [
    { ...doc.rules[0], name: 'easy', instances: { tags: { team: 'reporting', easy: 'yes' } }, approvals: 1 },
    { ...doc.rules[0], name: 'strict', instances: { tags: { team: 'reporting' } }, approvals: 2, approvers: ['bob', 'carol', 'dave', 'alice'] },
  ]
  const p = parsePolicy(doc)
  say('F10 tag subset weaker accepted', p.ok, p.ok ? '' : p.faults)
  const d2 = teamDocument() as any
  const x = (publicJwk('bob') as any).x
  d2.machines['deploy-bot'].webhook = { v1a: ['whpk_' + Buffer.from(x, 'base64url').toString('base64')] }
  d2.machines['other-bot'] = { webhook: { v1a: ['whpk_' + Buffer.from(x, 'base64url').toString('base64')] } }
  const p2 = parsePolicy(d2)
  say('F10 same key: bob, deploy-bot v1a, other-bot v1a accepted', p2.ok, p2.ok ? '' : p2.faults)
})

test('12 hostile gate hides the owner of a schedule', async () => {
  const doc = teamDocument() as any
  doc.rules[0].machinesAlone = 'one approval is enough'
  const world = createWorld({ policy: teamPolicy(doc) })
  const { createRow, NO_HEAD, headOf } = await import('#core/row.ts')
  const { digestProposal } = await import('#core/proposal.ts')
  const asked = await world.ask({}, { principal: 'nightly', via: 'timer', key: 'k' })
  say('F12 honest requester', asked.proposal.request.requester, asked.proposal.rule.approvers)
  const { onBehalfOf: _, ...requester } = asked.proposal.request.requester as any
  const id = 'req_' + 'a'.repeat(32)
  const proposal = { ...asked.proposal, request: { ...asked.proposal.request, id, requester }, rule: { ...asked.proposal.rule, approvers: ['alice', 'bob', 'carol'] } } as any
  const base = { book: 'asks', stream: id, at: world.clock.now() } as const
  const r1 = createRow({ ...base, id: '1'.repeat(32), type: 'requested', actor: { principal: 'nightly' }, body: { proposal, digest: digestProposal(proposal), ask: digestProposal(proposal) } }, NO_HEAD)
  const ev = await signAs('alice', { decision: 'approve', proposal, at: world.clock.now() })
  const r2 = createRow({ ...base, id: '2'.repeat(32), type: 'approved', actor: { principal: 'alice' }, body: { approver: 'alice', evidence: ev } }, headOf([r1]))
  world.asks.overwrite(r1); world.asks.overwrite(r2)
  await world.start(id as any)
  say('F12 effective', world.instances.effective.length, world.runs.rows().map(r => r.type))
})

test('14 machine says whom it acts for', async () => {
  const world = createWorld()
  const { proposal } = await world.ask({}, { principal: 'deploy-bot', via: 'webhook', key: 'k' })
  const p2 = (await world.ask({ onBehalfOf: 'dave' }, { principal: 'deploy-bot', via: 'webhook', key: 'k2' })).proposal
  say('F14 approvals alone', proposal.rule.approvals, 'claiming dave', p2.rule.approvals)
})

test('15 Stopping for long', async () => {
  const world = createWorld()
  world.instances.change(INSTANCE, { status: 'Stopping' })
  const { proposal } = await world.ask()
  await approve(world.gate, proposal.request.id, await world.sign('bob', 'approve', proposal))
  for (let i = 0; i < 7; i++) { await world.clock.advance(MIN); await world.sweep() }
  const l = await world.load(proposal.request.id)
  const v = (await import('#core/view.ts')).createView(l.asks, l.runs, l.standing)
  say('F15', v.state, v.headline, await checkHealth(world.gate))
})
