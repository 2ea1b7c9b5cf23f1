import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import type { Evidence } from '#core/statement.ts'
import { aPolicy, aProposal, aStream, approved, INSTANCE, NOW, REQUEST, requested } from '#support/samples.ts'
import { startGate, type Gate } from './gate.ts'
import { useTerminal } from './terminal.ts'

const terminal = useTerminal()
let gate: Gate

beforeEach(async () => {
  const proposal = aProposal()
  const asks = [requested(proposal), approved(proposal, 'bob', NOW + 30_000)]
  gate = await startGate(proposal, aStream({ book: 'asks', stream: REQUEST }, asks))
})
afterEach(async () => await gate.close())

describe('show', () => {
  it('prints how it stands, what would run, and what happened', async () => {
    const { code, out } = await terminal.run(['show', REQUEST], { gate })

    expect(code).toBe(0)
    expect(out).toContain('ready, expires in 1 h 59 min')
    expect(out).toContain('2026-11-23 09:00:00 UTC  alice  asked for a start: “The weekly report is due”.')
    expect(out).toContain('2026-11-23 09:00:30 UTC  bob  approved')
    expect(out).toContain(`Review  https://gate.example.com/r/${REQUEST}\n`)
    expect(out).toContain(`asks:2:${gate.books.asks[1]?.hash}`)
    expect(out).not.toContain('\u001B')
  })

  it('says what does not match', async () => {
    gate.lie = (answer) => ({ ...answer, says: 'start nothing' })
    const { code, err } = await terminal.run(['show', REQUEST], { gate })
    const json = await terminal.run(['show', REQUEST, '--json'], { gate })

    expect(code).toBe(4)
    expect(err).toContain('DOES NOT MATCH')
    expect((JSON.parse(json.out) as { mismatches: string[] }).mismatches).toHaveLength(1)
  })
})

describe('list', () => {
  it('prints an aligned row for each request of the day, through all pages', async () => {
    const cursors = ['p2', undefined]
    gate.lie = (answer) => ({ ...answer, cursor: cursors.shift() })
    const { code, out } = await terminal.run(['list'], { gate, who: 'carol' })

    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      'State  Instance                Asked by  UTC    Request',
      `ready  i-bp67acfmxazb4p3ujhx1  alice     09:00  ${REQUEST}`,
      `ready  i-bp67acfmxazb4p3ujhx1  alice     09:00  ${REQUEST}`,
      '',
    ])
    expect(gate.calls.map(({ path }) => path)).toEqual([
      '/v1/start-requests?day=2026-11-23',
      '/v1/start-requests?day=2026-11-23&cursor=p2',
    ])
  })

  it('fits the terminal and keeps ids whole, and in JSON it is all there', async () => {
    const requester = { principal: 'a-machine-with-a-long-name', via: 'api', onBehalfOf: 'alice' }
    gate.lie = (answer) => ({
      items: (answer['items'] as object[]).map((item) => ({ ...item, state: 'dry_run_passed', requester })),
    })
    const { out } = await terminal.run(['list'], { gate, lines: [], columns: 80, env: { NO_COLOR: '1' } })
    const json = JSON.parse((await terminal.run(['list', '--json'], { gate })).out) as { items: unknown[] }

    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(out).toMatch(new RegExp(`^dry run passed  i-bp…hx1  a-ma…lice  09:00  ${REQUEST}$`, 'm'))
    expect(json.items[0]).toMatchObject({
      instanceId: INSTANCE,
      requester,
      createdAt: '2026-11-23T09:00:00.000Z',
      expiresAt: '2026-11-23T11:00:00.000Z',
    })
  })

  it('says so when there is none, prints JSON, and refuses what is no day', async () => {
    gate.lie = () => ({ items: [] })

    expect((await terminal.run(['list', '--day', '2026-11-22'], { gate })).out).toContain('No requests')
    expect(JSON.parse((await terminal.run(['list', '--json'], { gate })).out)).toEqual({ day: '2026-11-23', items: [] })
    expect((await terminal.run(['list', '--day', 'monday'], { gate })).code).toBe(2)
  })

  it('ends when the pages do not', async () => {
    gate.lie = (answer) => ({ ...answer, items: [], cursor: 'again' })

    expect((await terminal.run(['list'], { gate })).code).toBe(3)
  })
})

describe('deny', () => {
  it('signs the no with its reason, and says that it stopped the request', async () => {
    gate.extra = { outcome: 'stopped' }
    const { code, out } = await terminal.run(['deny', REQUEST, '--reason', 'Not today'], { gate, who: 'carol' })
    const { decision, evidence } = JSON.parse(gate.calls.at(-1)?.body ?? '') as { decision: string; evidence: Evidence }

    expect(code).toBe(0)
    expect(out).toContain('Denied. Nothing was started, and nothing will be.')
    expect(decision).toBe('deny')
    expect(await createEvidenceVerifier().verify(evidence, aPolicy())).toMatchObject({
      signed: { principal: 'carol', statement: { decision: 'deny', reason: 'Not today' } },
    })
  })

  it('ends badly when a start may be under way', async () => {
    gate.extra = { outcome: 'too_late' }
    const { code, out } = await terminal.run(['deny', REQUEST, '--reason', 'Not today'], { gate })

    expect(code).toBe(1)
    expect(out).toContain('startgate watch')
  })

  it('signs nothing that does not match', async () => {
    gate.lie = (answer) => ({ ...answer, digest: 'e'.repeat(64) })

    expect((await terminal.run(['deny', REQUEST, '--reason', 'No'], { gate })).code).toBe(4)
    expect(gate.calls.some(({ method }) => method === 'POST')).toBe(false)
  })
})

describe('cancel', () => {
  it('is a signed call with the reason', async () => {
    gate.extra = { outcome: 'stopped' }
    const args = ['cancel', REQUEST, '--reason', 'Found another']
    const { code, out } = await terminal.run(args, { gate, who: 'alice' })

    expect(code).toBe(0)
    expect(out).toContain('Cancelled.')
    expect(gate.calls[0]).toMatchObject({
      path: `/v1/start-requests/${REQUEST}/cancel`,
      body: '{"reason":"Found another"}',
    })
    expect(gate.calls[0]?.headers.authorization).toMatch(/^Bearer /)
    expect(JSON.parse((await terminal.run([...args, '--json'], { gate, who: 'alice' })).out)).toMatchObject({
      outcome: 'stopped',
    })
  })
})
