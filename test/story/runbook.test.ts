// Each step of RUNBOOK.md, tried on one deployment: what people see while something is wrong, and that it goes on after.
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { columnsOf } from '#adapters/tablestore/stored-event.ts'
import { DURATIONS, scaleDurations } from '#core/durations.ts'
import { createRow, headOf } from '#core/row.ts'
import { judgeReceipt } from '#lib/cli/judge/judge-receipt.ts'
import { receiptSchema } from '#lib/cli/answers.ts'
import type { Fault, FaultRule } from '#infra/local/spine.ts'
import { AN_ASK } from '#support/api.ts'
import { CALLER_SECRET, deploy, TIME_SCALE, type Deployment, type PolicyChange } from '#support/deployment.ts'
import { anInstance, askFor, expectEnd, playOut, startsOf, type Played } from '#support/play.ts'
import { publicJwk } from '#support/keys.ts'
import { AUDIENCE, teamDocument, teamPolicy } from '#support/team.ts'

const NAMES = ['first', 'stop', 'denied', 'lost', 'rotated', 'throttled', 'region', 'gate', 'older', 'newer', 'mixed']
const VIEW_KEY = randomBytes(32).toString('hex')

let deployment: Deployment

const idOf = (name: string): string => `i-bp1${name}`
const same: PolicyChange = (document) => document
/** The same in every policy from then on. */
let ended: string | undefined
const endBob: PolicyChange = (document) => {
  ended ??= new Date().toISOString()
  const people = document['people'] as Record<string, { keys: object[] }>
  people['bob'] = { keys: [{ ...publicJwk('bob'), until: ended }] }
  return document
}
const withAdded: PolicyChange = (document) => {
  endBob(document, { origin: '' })
  document.rules.push({
    name: 'added',
    requesters: ['alice'],
    instances: { tags: { team: 'added' } },
    approvers: ['carol'],
    validFor: '30m',
    tell: ['ops-room'],
  })
  return document
}

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 })
beforeAll(async () => {
  const tags = { team: 'added', startgate: 'allowed' }
  deployment = await deploy({
    timers: false,
    instances: NAMES.map((name) => anInstance(idOf(name), name === 'mixed' ? { tags } : {})),
    secrets: { VIEW_KEY },
  })
})
/** Whatever a step leaves behind when it fails is not the next one's to put right. */
afterEach(() => {
  deployment.cloud.spine.faults.clear()
  setConcurrency('starter', 5)
  setConcurrency('gate', 20)
})
afterAll(async () => deployment.close())

function setConcurrency(fn: 'gate' | 'starter', reservedConcurrency: number): void {
  deployment.functions.reconfigure(fn, { reservedConcurrency })
}

async function askAndApprove(name: string, by: 'bob' | 'carol' = 'carol'): Promise<Played> {
  deployment.cloud.ecs.instances.change(idOf(name), { status: 'Stopped' })
  const played = await askFor(deployment, idOf(name))
  expect((await deployment.approve(played.id, by)).status).toBe(200)
  return played
}

async function stateOf({ id }: Played): Promise<string> {
  return (await deployment.show(id)).state
}

/** As often as the timers would in a few minutes; what is throttled waits in the queue meanwhile. */
async function tick(): Promise<void> {
  deployment.functions.fireTimer('starter', 'sweep')
  deployment.functions.fireTimer('gate', 'tell')
  await deployment.functions.idle()
}

/** Until it is taken back, every call of this kind fails. */
function breakAll(rule: Omit<FaultRule, 'fault' | 'times'>, fault: Fault): () => void {
  const { faults } = deployment.cloud.spine
  const id = faults.add({ ...rule, times: null, fault })
  return () => void faults.clear(id)
}

async function health(): Promise<{ readonly status: number; readonly body: { readonly problems: readonly string[] } }> {
  return deployment.call('GET', '/healthz')
}

describe('everything must stop now', () => {
  test('with no instance left to the starter nothing starts, people are heard, and health says so', async () => {
    const { functions, until, call } = deployment
    const first = await askAndApprove('first', 'bob')
    await playOut(deployment, [first])
    await expectEnd(deployment, first, 'running')

    setConcurrency('starter', 0)
    const stop = await askAndApprove('stop')
    const denied = await askAndApprove('denied')
    functions.fireTimer('starter', 'sweep')
    expect((await deployment.deny(denied.id)).body.outcome).toBe('stopped')
    expect([await stateOf(stop), await stateOf(denied)]).toEqual(['ready', 'denied'])
    const { readyAlarm } = scaleDurations(DURATIONS, TIME_SCALE)
    await until('a check of health is due', async () => {
      const { proposal } = await deployment.show(stop.id)
      return Date.now() - proposal.request.createdAt > readyAlarm + 1000 || undefined
    })
    expect(await call('GET', '/healthz')).toMatchObject({
      status: 503,
      body: { problems: ['something is approved, and the starter has not taken it up'] },
    })
    expect([startsOf(deployment, idOf('stop')), startsOf(deployment, idOf('denied'))]).toEqual([0, 0])

    setConcurrency('starter', 5)
    await playOut(deployment, [stop, denied])
    await expectEnd(deployment, stop, 'running')
    await expectEnd(deployment, denied, 'denied')
    expect(startsOf(deployment, idOf('denied'))).toBe(0)
  })
})

describe('an approver is lost, or somebody else has the key', () => {
  test('a yes that was not acted on counts no more, others may say it, and what ran stays proven', async () => {
    const { functions, redeploy, receipt, show, sign, decide } = deployment
    const ran = (await deployment.call<{ items: { id: Played['id'] }[] }>('GET', listPath(), { as: 'carol' })).body
      .items
    setConcurrency('starter', 0)
    const lost = await askAndApprove('lost', 'bob')
    await redeploy(endBob)
    const late = await sign('bob', 'approve', (await askFor(deployment, idOf('rotated'))).id)
    setConcurrency('starter', 5)
    await tick()

    expect([await stateOf(lost), startsOf(deployment, idOf('lost'))]).toEqual(['ready', 0])
    expect(
      functions
        .logs('starter')
        .map(({ text }) => text)
        .join(''),
    ).toContain('"flaw":"key_not_valid_then"')
    const { proposal } = await show(lost.id)
    expect((await decide(lost.id, 'approve', late)).status).toBe(403)
    expect((await deployment.approve(lost.id, 'carol')).status).toBe(200)
    await playOut(deployment, [lost])
    await expectEnd(deployment, lost, 'running')
    expect(proposal.rule.approvers).toContain('bob')

    const before = receiptSchema.parse(await receipt(ran[0]?.id ?? lost.id))
    const document = teamDocument()
    const judgement = await judgeReceipt({
      receipt: before,
      policy: teamPolicy(endBob(document, { origin: '' })),
      verifier: createEvidenceVerifier(),
      heads: [],
      audience: AUDIENCE,
      now: Date.now(),
      durations: scaleDurations(DURATIONS, TIME_SCALE),
    })
    expect(judgement.checks.filter(({ verdict }) => verdict === 'wrong')).toEqual([])
  })
})

function listPath(): string {
  return `/v1/start-requests?day=${new Date().toISOString().slice(0, 10)}`
}

describe('the view key has leaked', () => {
  test('for a day repeats of asks find their request, and later ones are new', async () => {
    const { ask, redeploy } = deployment
    const key = randomUUID()
    const wish = { instanceId: idOf('rotated'), dryRun: true }
    const before = (await ask(wish, 'alice', key)).body.id
    const fresh = randomBytes(32).toString('hex')

    await redeploy(endBob, ['gate'], { VIEW_KEY: fresh, VIEW_KEY_PREVIOUS: VIEW_KEY })
    expect((await ask(wish, 'alice', key)).body.id).toBe(before)
    expect((await deployment.show(before)).state).toBe('pending')
    await redeploy(endBob, ['gate'], { VIEW_KEY: fresh, VIEW_KEY_PREVIOUS: '' })
    expect((await ask(wish, 'alice', key)).body.id).not.toBe(before)
    expect((await deployment.show(before)).state).toBe('pending')
  })
})

describe('another secret has leaked', () => {
  const shared = (fill: number): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`
  const wish = { ...AN_ASK, instanceId: idOf('rotated') }

  test('that of a machine: both count while it is changed without a gap, and after a leak the new one alone', async () => {
    const { askByWebhook, redeploy } = deployment
    const [old, fresh] = [CALLER_SECRET, shared(1)]
    await redeploy(endBob, ['gate'], { CALLER_SECRET_DEPLOY_BOT: fresh, CALLER_SECRET_DEPLOY_BOT_PREVIOUS: old })
    expect([(await askByWebhook(wish, old)).status, (await askByWebhook(wish, fresh)).status]).toEqual([201, 201])
    await redeploy(endBob, ['gate'], { CALLER_SECRET_DEPLOY_BOT_PREVIOUS: '' })
    expect([(await askByWebhook(wish, old)).status, (await askByWebhook(wish, fresh)).status]).toEqual([401, 201])
  })

  test('that which signs what the gate tells: receivers find the new key at the gate', async () => {
    const readKey = async () =>
      (await deployment.call<{ keys: readonly { kid: string }[] }>('GET', '/.well-known/jwks.json')).body.keys
    const before = await readKey()
    const fresh = `whsk_${Buffer.alloc(32, 3).toString('base64')}`
    await deployment.redeploy(endBob, ['gate'], { GATE_SIGNING_KEY: fresh })
    const after = await readKey()
    expect([before.length, after.length]).toEqual([1, 1])
    expect(after[0]?.kid).not.toBe(before[0]?.kid)
  })
})

describe('something of the cloud is down', () => {
  test('Tablestore: who asks is told to try again, and the same ask goes through once it is back', async () => {
    const { ask } = deployment
    const key = randomUUID()
    const wish = { instanceId: idOf('throttled') }
    const mend = breakAll({ service: 'ots' }, { kind: 'error', status: 503, code: 'OTSServerBusy' })
    const refused = await ask(wish, 'alice', key)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    await tick()
    mend()

    const { id, digest } = (await ask(wish, 'alice', key)).body
    expect((await deployment.approve(id, 'carol')).status).toBe(200)
    const throttled = { id, digest, instanceId: idOf('throttled') }
    await playOut(deployment, [throttled])
    await expectEnd(deployment, throttled, 'running')
  })

  test('ECS of a region: nobody can ask there, and what is approved waits', async () => {
    setConcurrency('starter', 0)
    const region = await askAndApprove('region')
    const mend = breakAll({ service: 'ecs' }, { kind: 'lost', applied: false })
    setConcurrency('starter', 5)
    await tick()
    expect((await deployment.ask({ instanceId: idOf('newer') })).status).toBe(503)
    expect(await stateOf(region)).toBe('ready')
    mend()

    await playOut(deployment, [region])
    await expectEnd(deployment, region, 'running')
    expect(startsOf(deployment, idOf('region'))).toBe(1)
  })

  test('the gate: what is approved starts without it, and people hear of it later', async () => {
    const { functions, until, cloud, call, url } = deployment
    setConcurrency('starter', 0)
    const gate = await askAndApprove('gate')
    setConcurrency('gate', 0)
    expect((await fetch(`${url}/healthz`)).status).toBe(429)
    setConcurrency('starter', 5)
    functions.fireTimer('starter', 'sweep')
    await until('it runs', () => cloud.ecs.instances.find(idOf('gate'))?.phase.status === 'Running' || undefined)

    setConcurrency('gate', 20)
    await playOut(deployment, [gate])
    await expectEnd(deployment, gate, 'running')
    expect((await call('GET', '/healthz')).status).toBe(200)
  })
})

describe('a deployment went wrong half-way', () => {
  test('a starter that meets a row of a newer gate does nothing, and a no ends it', async () => {
    const { cloud, receipt } = deployment
    setConcurrency('starter', 0)
    const older = await askAndApprove('older')
    const { asks } = await receipt(older.id)
    const content = {
      book: 'asks',
      stream: older.id,
      id: randomBytes(16).toString('hex'),
      type: 'delegated',
      at: Date.now(),
      actor: { principal: 'carol' },
      body: { to: 'dave' },
    } as const
    const row = createRow(content, headOf(asks))
    cloud.tablestore.seed('asks', [[older.id, row.n]], columnsOf(row) as Record<string, string | number>)
    setConcurrency('starter', 5)
    await tick()

    expect(startsOf(deployment, idOf('older'))).toBe(0)
    expect((await deployment.approve(older.id, 'carol')).status).toBeGreaterThanOrEqual(400)
    expect((await deployment.deny(older.id, 'carol')).body.outcome).toBe('stopped')
    await playOut(deployment, [older])
    expect(startsOf(deployment, idOf('older'))).toBe(0)
  })

  test('a gate with a newer policy than the starter: the starter refuses and says why, and health turns', async () => {
    await deployment.redeploy(withAdded, ['gate'])
    expect(await health()).toMatchObject({
      status: 503,
      body: { problems: ['the starter was last deployed with another policy'] },
    })
    const mixed = await askAndApprove('mixed')
    await playOut(deployment, [mixed])
    const { view } = await expectEnd(deployment, mixed, 'failed')
    expect(view.headline).toContain('The policy of the starter does not allow this')
    expect(startsOf(deployment, idOf('mixed'))).toBe(0)

    await deployment.redeploy(withAdded)
    await tick()
    expect((await health()).status).toBe(200)
    const again = await askAndApprove('mixed')
    await playOut(deployment, [again])
    await expectEnd(deployment, again, 'running')
  })

  test('a starter with a newer policy than the gate: asks go on by the old one', async () => {
    await deployment.redeploy(same, ['starter'])
    await tick()
    const newer = await askAndApprove('newer')
    await playOut(deployment, [newer])
    await expectEnd(deployment, newer, 'running')
    // What it found is kept for a while; a new instance looks anew.
    await deployment.redeploy(withAdded, ['gate'])
    expect((await health()).status).toBe(503)
  })
})
