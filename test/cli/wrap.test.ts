import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countColumns, wrap } from '#lib/cli/wrap.ts'
import { sayProposal } from '#core/proposal.ts'
import { aProposal, REQUEST } from '#support/samples.ts'
import { startGate, type Gate } from './gate.ts'
import { useTerminal } from './terminal.ts'

describe('wrap', () => {
  it.each([
    ['a bc def', 80, ['a bc def']],
    ['a bc def', 4, ['a bc', 'def']],
    ['  a bc  def', 6, ['  a bc', '  def']],
    ['a bc  def', 9, ['a bc  def']],
    ['longerthanthat a', 5, ['longerthanthat', 'a']],
    ['', 5, ['']],
  ])('breaks %j at %i between words', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines)
  })

  it('begins further lines where it is told', () => {
    expect(wrap('Rule  one two', 9, 6)).toEqual(['Rule  one', '      two'])
  })

  it('does not count colours', () => {
    expect(wrap('\u001B[1mab\u001B[22m cd', 5)).toEqual(['\u001B[1mab\u001B[22m cd'])
  })

  it('counts wide characters twice, breaks between them, and not before their punctuation', () => {
    expect(countColumns('ab，好')).toBe(6)
    expect(wrap('需要一次，好', 8)).toEqual(['需要一', '次，好'])
  })
})

describe('on a terminal', () => {
  const terminal = useTerminal()
  const reason = 'The weekly report is due and nobody may wait for it any longer than until noon, says the board'
  const proposal = aProposal({ request: { reason } })
  let gate: Gate

  beforeEach(async () => void (gate = await startGate(proposal)))
  afterEach(async () => await gate.close())

  it.each([60, 80, 300])('%i wide, no line is longer than it and than 100, and no word is broken', async (columns) => {
    const { out } = await terminal.run(['show', REQUEST], { gate, lines: [], columns })
    const lines = stripVTControlCharacters(out).split('\n')
    const words = new Set(lines.flatMap((line) => line.split(' ')))
    const tooLong = lines.filter((line) => line.length > Math.min(columns, 100))

    expect(
      sayProposal(proposal)
        .split(' ')
        .filter((word) => !words.has(word)),
    ).toEqual([])
    expect(tooLong.filter((line) => line.trim().includes(' '))).toEqual([])
    const at = lines.findIndex((line) => line.includes('  Reason '))
    expect(lines[at + 1]?.search(/\S/)).toBe(lines[at]?.indexOf('The weekly'))
  })

  it('takes the line that was copied from it as expected', async () => {
    const { out } = await terminal.run(['show', REQUEST], { gate, lines: [], columns: 60 })
    const copied = /start i-[^]*?\n\n/.exec(stripVTControlCharacters(out))?.[0] ?? ''

    expect(copied.trim()).toContain('\n')
    expect((await terminal.run(['approve', REQUEST, '--yes', '--expect', copied], { gate })).code).toBe(0)
  })

  it('lines to copy stay whole, and so does everything in a pipe', async () => {
    const enrolled = await terminal.run(['enrol', '--name', 'zoe', '--out', terminal.file('wide.json')], {
      lines: [],
      columns: 40,
    })
    const piped = await terminal.run(['show', REQUEST], { gate, columns: 40 })

    expect(enrolled.out).toMatch(/^ {6}- \{ kty: OKP, crv: Ed25519, x: \S+ \} # \S+$/m)
    expect(piped.out).toContain(`  ${sayProposal(proposal)}\n`)
    expect(piped.out).toContain(reason)
  })
})
