// What was said in a chat either arrives in the queue for certain, or has to be said again.
import { describe, expect, it } from 'vitest'
import { createHandOn } from '#adapters/fc/hand-on.ts'
import { parseEvent } from '#adapters/fc/event.ts'
import { sealEvent } from '#core/chat-seal.ts'
import type { ChatEvent } from '#core/chat.ts'
import { LOCAL_NAMES } from '#infra/local/create-spine.ts'
import type { Fault } from '#infra/local/spine.ts'
import { startFc } from '#support/local-fc.ts'
import { createRecordingLog } from '#support/memory/log.ts'

const fc = await startFc()
const { spine } = fc

const SEALING = { viewKey: { current: 'view-key-of-the-tests-0123456789' }, audience: '12345678/cn-hangzhou/starter' }
const EVENT: ChatEvent = {
  kind: 'said',
  id: 'm1',
  by: { platform: 'feishu', tenant: 'org1', user: 'ou_1' },
  at: Date.UTC(2026, 10, 23, 9),
  where: { platform: 'feishu', kind: 'person', id: 'ou_1' },
  text: '启动 web-1 演示',
}

function setup({ role = 'gate', timeout = 10_000, gate = LOCAL_NAMES.gate } = {}) {
  spine.faults.clear()
  const credentials = spine.credentials.issue(role, { ttlMs: 60_000 })
  const log = createRecordingLog()
  const handOn = createHandOn({
    accountId: spine.accountId,
    regionId: spine.region,
    endpoint: fc.endpoint,
    credentials: () => credentials,
    gate,
    seal: (event) => sealEvent(SEALING, event),
    durations: { handOnTimeout: timeout },
    log,
  })
  return { handOn, log, credentials }
}

describe('a chat event that is handed on', () => {
  it('is one asynchronous invocation of the gate, sealed', async () => {
    const { handOn, log } = setup()
    const mark = spine.operations.mark()

    expect(await handOn.send(EVENT)).toBe(true)
    expect(spine.operations.since(mark)).toMatchObject([{ operation: 'InvokeFunction', role: 'gate', status: 202 }])
    const { name, event } = fc.arrived.at(-1) ?? { name: '', event: '' }
    expect(name).toBe(LOCAL_NAMES.gate)
    expect(parseEvent(Buffer.from(event))).toEqual({ kind: 'chat', sealed: sealEvent(SEALING, EVENT) })
    expect(log.lines).toEqual([])
  })

  it.each<[string, Fault, string]>([
    ['an error', { kind: 'error', status: 429, code: 'ResourceExhausted' }, 'ResourceExhausted'],
    ['a reset, though it arrived', { kind: 'lost', applied: true }, 'ECONNRESET'],
    ['a reset', { kind: 'lost', applied: false }, 'ECONNRESET'],
  ])('is not taken when the answer is %s', async (_, fault, code) => {
    const { handOn, log } = setup()
    spine.faults.add({ service: 'fc', fault })

    expect(await handOn.send(EVENT)).toBe(false)
    expect(log.lines).toEqual([{ level: 'warn', event: 'hand_on.failed', facts: { platform: 'feishu', code } }])
  })

  it('is not taken when the answer is late', async () => {
    const { handOn } = setup({ timeout: 100 })
    spine.faults.add({ service: 'fc', fault: { kind: 'delayed', ms: 3000, before: false } })
    const begun = performance.now()

    expect(await handOn.send(EVENT)).toBe(false)
    expect(performance.now() - begun).toBeLessThan(1500)
  })

  it('is not taken when it cannot be sealed', async () => {
    const { handOn, log } = setup()

    expect(await handOn.send({ ...EVENT, text: '启动 web-1 \ud83d' })).toBe(false)
    expect(log.lines).toMatchObject([{ event: 'hand_on.failed', facts: { platform: 'feishu', code: 'NotSealed' } }])
  })

  it('is not taken where the role may not, and no key or token is in the log', async () => {
    const { handOn, log, credentials } = setup({ role: 'starter', gate: LOCAL_NAMES.starter })

    expect(await handOn.send(EVENT)).toBe(false)
    expect(log.lines).toMatchObject([{ facts: { code: 'AccessDenied' } }])
    for (const secret of [credentials.accessKeyId, credentials.accessKeySecret, credentials.securityToken, EVENT.text])
      expect(JSON.stringify(log.lines)).not.toContain(secret)
  })
})
