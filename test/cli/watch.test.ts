import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestProposal } from '#core/proposal.ts'
import { createRow, headOf, type Row } from '#core/row.ts'
import {
  accepted,
  aProposal,
  aStream,
  approved,
  attempted,
  EXPIRES,
  INSTANCE,
  NOW,
  REQUEST,
  requested,
} from '#support/samples.ts'
import { startGate, type Gate } from './gate.ts'
import { useTerminal } from './terminal.ts'

const terminal = useTerminal()
const proposal = aProposal()
const asks = aStream({ book: 'asks', stream: REQUEST }, [requested(proposal), approved(proposal, 'bob', NOW + 30_000)])
const running = { type: 'running', body: { inferred: false, status: 'Running', next: { do: 'none' } } } as const
const stuck = { type: 'stuck', body: { answer: { code: 'StillStopped' }, next: { do: 'none' } } } as const
const good = toRuns([attempted(proposal, NOW + 40_000), accepted(NOW + 41_000), { ...running, at: NOW + 50_000 }])
let gate: Gate

function toRuns(entries: Parameters<typeof aStream>[1]): readonly Row[] {
  return aStream({ book: 'runs', stream: digestProposal(proposal) }, entries)
}

beforeEach(async () => void (gate = await startGate(proposal)))
afterEach(async () => await gate.close())

/** Reveals one more row each time the command waits. */
function reveal(runs: readonly Row[]): () => void {
  return () => {
    if (gate.books.asks.length < asks.length) gate.books.asks = asks.slice(0, gate.books.asks.length + 1)
    else gate.books.runs = runs.slice(0, gate.books.runs.length + 1)
  }
}

describe('watch', () => {
  it('prints one line for each change and ends with the outcome', async () => {
    const { code, out, err } = await terminal.run(['watch', REQUEST], { gate, onSleep: reveal(good) })
    const lines = out.trim().split('\n')

    expect(code).toBe(0)
    expect(lines.map((line) => line.slice(25))).toEqual([
      'alice  asked for a start: “The weekly report is due”.',
      'bob  approved it.',
      'the starter  set out to call StartInstance.',
      expect.stringContaining('the starter  heard from ECS that StartInstance is accepted'),
      'the starter  saw the instance Running.',
      expect.any(String),
      expect.any(String),
    ])
    expect(lines[5]).toBe('running  The instance runs.')
    expect(lines[6]).toContain(`runs:3:${good[2]?.hash}`)
    expect(err).toBe('')
  })

  it('ends with 1 when it ends badly', async () => {
    const runs = toRuns([
      attempted(proposal),
      { type: 'unclear', body: { answer: { code: 'NoAnswer' }, next: { do: 'look' } } },
      stuck,
    ])

    expect((await terminal.run(['watch', REQUEST], { gate, onSleep: reveal(runs) })).code).toBe(1)
  })

  it('prints a line of JSON for each change', async () => {
    const { out } = await terminal.run(['watch', REQUEST, '--json'], { gate, onSleep: reveal(good) })
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)

    expect(lines).toHaveLength(6)
    expect(lines[0]).toEqual({
      at: '2026-11-23T09:00:00.000Z',
      who: 'alice',
      what: 'asked for a start: “The weekly report is due”.',
    })
    expect(lines[5]).toMatchObject({ state: 'running', final: true })
  })

  it('shows on a terminal what it waits for, and takes that back', async () => {
    const { err } = await terminal.run(['watch', REQUEST], { gate, lines: [], onSleep: reveal(good) })

    expect(err).toContain('pending, expires in')
    expect(err.endsWith('\r\u001B[2K')).toBe(true)
  })

  it('shows no more of it than fits on one line', async () => {
    const situation = { gate, lines: [], columns: 20, env: { NO_COLOR: '1' }, onSleep: reveal(good) }
    const { err } = await terminal.run(['watch', REQUEST], situation)
    const shown = err.split('\r\u001B[2K')

    expect(shown).toContain('pending, expires in')
    expect(shown.filter((progress) => progress.length > 19)).toEqual([])
  })

  it('says with the gate that what is approved still waits for the hours of its rule', async () => {
    gate.lie = (answer, path) => (path.endsWith(REQUEST) ? { ...answer, state: 'waiting' } : answer)
    const { err } = await terminal.run(['watch', REQUEST], { gate, lines: [], onSleep: reveal(good) })

    expect(err).toContain('waiting, expires in')
    expect(err).not.toContain('ready')
  })

  it('outlives a gate that is away for a while, and not one that stays away', async () => {
    gate.faults.push(...Array<'reset'>(6).fill('reset'))
    expect((await terminal.run(['watch', REQUEST], { gate, onSleep: reveal(good) })).code).toBe(0)

    gate.faults.push(...Array<'reset'>(200).fill('reset'))
    expect((await terminal.run(['watch', REQUEST], { gate })).code).toBe(3)
  })

  it('takes the gate’s word that time has ended it', async () => {
    gate.now = EXPIRES + 400_000
    const { code, out } = await terminal.run(['watch', REQUEST], { gate, now: EXPIRES + 1000 })

    expect(code).toBe(1)
    expect(out).toContain('expired')
  })

  it('takes the gate’s word for rows that it does not know', async () => {
    const row = createRow(
      {
        book: 'runs',
        stream: digestProposal(proposal),
        id: '1'.repeat(32),
        type: 'teleported',
        at: NOW,
        actor: { function: 'starter' },
        body: {},
      },
      headOf([]),
    )
    gate.books.runs = [row]
    gate.lie = (answer, path) => (path.endsWith(REQUEST) ? { ...answer, state: 'running', final: true } : answer)

    expect((await terminal.run(['watch', REQUEST], { gate })).code).toBe(0)
  })

  it('finds a record that was rewritten on the way', async () => {
    const rewritten = aStream({ book: 'asks', stream: REQUEST }, [
      { ...requested(proposal), at: NOW + 1 },
      approved(proposal, 'carol'),
    ])
    const { code, err } = await terminal.run(['watch', REQUEST], {
      gate,
      onSleep: () => void (gate.books.asks = rewritten),
    })

    expect(code).toBe(4)
    expect(err).toContain('entry 2 of asks')
  })

  it('does not watch another request than it was told to', async () => {
    const other = aProposal({ request: { id: `req_${'2'.repeat(32)}` } })
    gate.books.asks = aStream({ book: 'asks', stream: other.request.id }, [requested(other)])

    expect((await terminal.run(['watch', REQUEST], { gate })).code).toBe(4)
  })

  it('follows an ask and an approval to the end', async () => {
    const ask = ['ask', '--instance', INSTANCE, '--reason', 'The weekly report is due', '--watch']
    expect((await terminal.run(ask, { gate, who: 'alice', onSleep: reveal(good) })).code).toBe(0)

    gate.books.asks = asks.slice(0, 1)
    gate.books.runs = []
    const approval = await terminal.run(['approve', REQUEST, '--yes', '--watch'], { gate, onSleep: reveal(good) })
    expect(approval).toMatchObject({ code: 0, out: expect.stringContaining('The instance runs.') })
    expect(approval.out).not.toContain('Next:')
  })
})
