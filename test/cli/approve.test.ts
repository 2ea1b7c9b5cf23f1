import { stat } from 'node:fs/promises'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { digestProposal, sayProposal, type Proposal } from '#core/proposal.ts'
import type { Evidence } from '#core/statement.ts'
import {
  aPolicy,
  aProposal,
  aStream,
  AUDIENCE,
  cancelled,
  EXPIRES,
  INSTANCE,
  NOW,
  REQUEST,
  requested,
  type Change,
} from '#support/samples.ts'
import { startGate, type Answer, type Gate } from './gate.ts'
import { useTerminal } from './terminal.ts'

const terminal = useTerminal()
const approve = ['approve', REQUEST]
let gate: Gate

beforeEach(async () => void (gate = await startGate(aProposal())))
afterEach(async () => await gate.close())

async function serve(change: Change<Proposal>): Promise<Proposal> {
  const proposal = aProposal(change)
  await gate.close()
  gate = await startGate(proposal)
  return proposal
}

function posted(): { readonly decision: string; readonly evidence: Evidence } | undefined {
  const call = gate.calls.find(({ method }) => method === 'POST')
  return call && (JSON.parse(call.body) as { decision: string; evidence: Evidence })
}

describe('approve', () => {
  it('shows what would run, asks, signs exactly that, and sends it', async () => {
    const { code, out, err } = await terminal.run([...approve, '--reason', 'Fine'], { gate, lines: ['y'] })
    const sent = posted()
    const verified = sent && (await createEvidenceVerifier().verify(sent.evidence, aPolicy()))

    expect(code).toBe(0)
    expect(out).toContain(sayProposal(aProposal()))
    expect(out).toContain('The weekly report is due')
    expect(out).toContain('2026-11-23 11:00:00 UTC, for 1 h 59 min more')
    expect(stripVTControlCharacters(out)).toContain('The gate says that it is pending.')
    expect(err).toContain('[y/N]')
    expect(sent?.decision).toBe('approve')
    expect(verified).toMatchObject({
      signed: {
        principal: 'bob',
        statement: {
          v: 1,
          audience: AUDIENCE,
          decision: 'approve',
          proposal: digestProposal(aProposal()),
          approver: 'bob',
          says: sayProposal(aProposal()),
          iat: NOW / 1000 + 60,
          reason: 'Fine',
        },
      },
    })
    expect(out).toContain(`Next: startgate watch ${REQUEST}\n`)
  })

  it.each([[['n']], [['']], [['yep']], [[]]])('signs nothing after %j', async (lines) => {
    const { code } = await terminal.run(approve, { gate, lines })

    expect(code).toBe(1)
    expect(posted()).toBeUndefined()
  })

  it('needs a terminal or --yes', async () => {
    expect(await terminal.run(approve, { gate })).toMatchObject({ code: 2, err: expect.stringContaining('--yes') })
    expect(gate.calls).toEqual([])
    expect((await terminal.run([...approve, '--yes'], { gate })).code).toBe(0)
  })

  it('keeps stdout for the JSON', async () => {
    const { out, err } = await terminal.run([...approve, '--yes', '--json'], { gate })

    expect(JSON.parse(out)).toMatchObject({ id: REQUEST, state: 'pending' })
    expect(err).toContain(INSTANCE)
  })

  it('signs with a P-256 key too', async () => {
    await terminal.run([...approve, '--yes'], { gate, who: 'erin' })
    const sent = posted()

    expect(sent && (await createEvidenceVerifier().verify(sent.evidence, aPolicy()))).toMatchObject({
      signed: { principal: 'erin' },
    })
  })

  it('shows the gate’s refusal', async () => {
    const body = { title: 'Already final', status: 409, detail: 'This request is denied.' }
    gate.lie = (answer) => {
      gate.faults.push({ status: 409, body })
      return answer
    }

    expect(await terminal.run([...approve, '--yes'], { gate })).toMatchObject({
      code: 1,
      err: expect.stringContaining('Already final. This request is denied.'),
    })
  })
})

describe('approve of a lying gate', () => {
  const other = aProposal({ request: { instanceId: 'i-bp1otherinstance' } })

  it.each<[string, (answer: Answer) => Answer, string]>([
    ['a changed proposal under the old digest', (answer) => ({ ...answer, proposal: other }), 'digest'],
    ['a changed digest', (answer) => ({ ...answer, digest: 'f'.repeat(64) }), 'digest'],
    ['a changed line', (answer) => ({ ...answer, says: sayProposal(other) }), 'line'],
    [
      'another request',
      (answer) => toShown(answer, aProposal({ request: { id: `req_${'1'.repeat(32)}` } })),
      'The proposal is for req_1',
    ],
    [
      'another deployment',
      (answer) => toShown(answer, aProposal({ audience: '1234567890123456/cn-hangzhou/startgate-staging' })),
      'startgate-staging',
    ],
  ])('refuses %s', async (_name, lie, why) => {
    gate.lie = lie
    const { code, err } = await terminal.run([...approve, '--yes'], { gate })

    expect(code).toBe(4)
    expect(err).toContain(why)
    expect(err).toContain('Nothing was signed')
    expect(posted()).toBeUndefined()
  })

  it('shows another instance for what it is, and refuses it with --expect', async () => {
    gate.lie = (answer) => toShown(answer, other)
    const seen = await terminal.run(approve, { gate, lines: ['n'] })
    const expecting = [...approve, '--yes', '--expect']

    expect(seen.out).toContain('start i-bp1otherinstance')
    expect((await terminal.run([...expecting, digestProposal(aProposal())], { gate })).code).toBe(4)
    expect((await terminal.run([...expecting, sayProposal(aProposal())], { gate })).code).toBe(4)
    expect(posted()).toBeUndefined()
    expect((await terminal.run([...expecting, digestProposal(other)], { gate })).code).toBe(0)
  })

  it('reads a proposal that is none as a fault', async () => {
    gate.lie = (answer) => ({ ...answer, proposal: { ...(answer['proposal'] as object), extra: 1 } })

    expect((await terminal.run([...approve, '--yes'], { gate })).code).toBe(3)
  })

  it('makes hidden characters visible, and lets none of them reach the terminal', async () => {
    const evil = '\uFFF9\u001B[2J\u001B[1;1Hall fine\u202Egnp\u200B\u009B31m'
    await serve({ instance: { name: evil, zone: evil, chargeType: evil } })
    gate.lie = (answer) => ({ ...answer, review: evil, state: evil })
    const { out, err } = await terminal.run([...approve, '--yes'], { gate })
    const json = await terminal.run(['show', REQUEST, '--json'], { gate })

    expect(out).toContain('\uFFFD\uFFFD[2J\uFFFD[1;1Hall fine\uFFFDgnp\uFFFD')
    expect((out + err + json.out + json.err).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect((JSON.parse(json.out) as { review: string }).review).toBe(evil)
  })
})

function toShown(answer: Answer, proposal: Proposal): Answer {
  return { ...answer, proposal, digest: digestProposal(proposal), says: sayProposal(proposal), id: REQUEST }
}

describe('approve of a start that destroys data', () => {
  const wipe = { request: { initLocalDisk: true }, rule: { approvals: 2, tool: 'own-tool' } } as const

  it('warns in red and makes the approver type the instance id', async () => {
    await serve(wipe)
    const refused = await terminal.run(approve, { gate, lines: ['y', 'y'] })

    expect(refused.code).toBe(1)
    expect(refused.out).toContain('\u001B[31mAll data on the local disks')
    expect(posted()).toBeUndefined()
    expect((await terminal.run(approve, { gate, lines: [INSTANCE, 'y'] })).code).toBe(0)
    expect(posted()).toBeDefined()
  })

  it('takes --yes only together with --confirm-instance', async () => {
    await serve(wipe)

    expect((await terminal.run([...approve, '--yes'], { gate })).code).toBe(2)
    expect((await terminal.run([...approve, '--yes', '--confirm-instance', 'i-other'], { gate })).code).toBe(2)
    expect(posted()).toBeUndefined()
    expect((await terminal.run([...approve, '--yes', '--confirm-instance', INSTANCE], { gate })).code).toBe(0)
  })

  it('writes down what says yes to it only with the instance id', async () => {
    await serve(wipe)
    const file = terminal.file('wiping')
    const yes = ['statement', REQUEST, '--decision', 'approve', '--out', file]

    expect(await terminal.run(yes, { gate, lines: ['y'] })).toMatchObject({
      code: 1,
      out: expect.stringContaining('All data on the local disks'),
      err: expect.stringContaining('Nothing was written.'),
    })
    expect((await terminal.run(yes, { gate })).code).toBe(2)
    await expect(stat(file)).rejects.toThrow('ENOENT')
    expect((await terminal.run(yes, { gate, lines: [INSTANCE] })).code).toBe(0)
    expect((await terminal.run([...yes, '--confirm-instance', INSTANCE], { gate })).code).toBe(0)
  })

  it('writes down a no without asking', async () => {
    await serve(wipe)
    const no = ['statement', REQUEST, '--decision', 'deny', '--reason', 'x', '--out', terminal.file('kept')]

    expect((await terminal.run(no, { gate })).code).toBe(0)
  })

  it('warns of economical mode, without colour where NO_COLOR is set', async () => {
    await serve({ instance: { stoppedMode: 'StopCharging' } })

    expect((await terminal.run(approve, { gate, lines: ['n'] })).out).toContain('\u001B[33mIt was stopped in')
    expect((await terminal.run(approve, { gate, lines: ['n'], env: { NO_COLOR: '1' } })).out).not.toContain('\u001B')
  })
})

describe('approve of what would be refused anyway', () => {
  it.each<[string, Change<Proposal>, number, string]>([
    ['one’s own request', { request: { requester: { principal: 'bob' } } }, NOW, 'of their own'],
    [
      'a request on one’s behalf',
      { request: { requester: { principal: 'deploy-bot', onBehalfOf: 'bob' } } },
      NOW,
      'of their own',
    ],
    ['a request that has expired', {}, EXPIRES, 'expired at 2026-11-23 11:00:00 UTC'],
    ['a request for others to approve', { rule: { approvers: ['carol'] } }, NOW, 'carol only'],
    ['a request from the future', {}, NOW - 3_600_000, 'clocks'],
  ])('signs nothing for %s', async (_name, change, now, why) => {
    await serve(change)
    const { code, err } = await terminal.run([...approve, '--yes'], { gate, now })

    expect(code).toBe(1)
    expect(err).toContain(why)
    expect(posted()).toBeUndefined()
  })

  it.each(['approve', 'deny'] as const)('signs and writes nothing once it is over (%s)', async (decision) => {
    const proposal = aProposal()
    gate.books.asks = aStream({ book: 'asks', stream: REQUEST }, [requested(proposal), cancelled('alice')])
    const file = terminal.file('never')
    const statement = ['statement', REQUEST, '--decision', decision, '--reason', 'x', '--out', file]

    expect(await terminal.run([...approve, '--yes'], { gate })).toMatchObject({
      code: 1,
      err: expect.stringContaining('This request is stopping; nothing was signed.'),
    })
    expect(await terminal.run(statement, { gate })).toMatchObject({
      code: 1,
      err: expect.stringContaining('This request is stopping; nothing was written.'),
    })
    await expect(stat(file)).rejects.toThrow('ENOENT')
    expect(posted()).toBeUndefined()
  })

  it('says in what state it is over, and why', async () => {
    gate.now = EXPIRES + 400_000
    const { code, out, err } = await terminal.run(approve, { gate, lines: ['y'] })

    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('This request is expired; nothing was signed.')
    expect(err).toContain('Not enough approvals in time')
  })

  it('signs no reason of more than one line', async () => {
    expect((await terminal.run([...approve, '--yes', '--reason', 'a\nb'], { gate })).code).toBe(2)
    expect(posted()).toBeUndefined()
  })
})
