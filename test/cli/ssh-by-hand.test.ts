// What was signed by hand is sent only when it is what would be signed here.
import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runProgram } from '#lib/cli/io.ts'
import { toSignedText } from '#core/signed-text.ts'
import { aProposal, aStatement, REQUEST } from '#support/samples.ts'
import { startGate, type Gate } from './gate.ts'
import { useTerminal } from './terminal.ts'

const terminal = useTerminal()
const approve = ['approve', REQUEST, '--yes']
let gate: Gate

beforeEach(async () => void (gate = await startGate(aProposal())))
afterEach(async () => await gate.close())

describe('--signature', () => {
  const sound = aStatement(aProposal(), 'bob')

  it.each([
    ['another decision', toSignedText({ ...sound, decision: 'deny' })],
    ['another proposal', toSignedText({ ...sound, proposal: 'f'.repeat(64) })],
    ['another person', toSignedText({ ...sound, approver: 'carol' })],
    ['no statement', 'startgate-statement/v1\nyes'],
  ])('sends nothing that was signed for %s', async (_what, text) => {
    const file = terminal.file('wrong')
    await writeFile(file, text)
    await writeFile(`${file}.sig`, 'x')
    const { code } = await terminal.run([...approve, '--signature', `${file}.sig`], { gate })

    expect(code).toBe(4)
    expect(gate.calls.filter(({ method }) => method === 'POST')).toEqual([])
  })

  it('does not take one reason for another', async () => {
    const file = terminal.file('reason')
    await writeFile(file, toSignedText({ ...sound, reason: 'Fine' }))
    await writeFile(`${file}.sig`, 'x')

    expect((await terminal.run([...approve, '--signature', `${file}.sig`, '--reason', 'No'], { gate })).code).toBe(4)
    expect((await terminal.run([...approve, '--signature', `${file}.sig`], { gate })).code).toBe(0)
  })

  it.each(['missing.sig', 'bob.json'])('%s is no signature beside its statement', async (name) => {
    const { code, err } = await terminal.run([...approve, '--signature', terminal.file(name)], { gate })

    expect(code).toBe(2)
    expect(err).toContain('startgate statement')
  })

  it.each([[['deny', REQUEST]], [['statement', REQUEST, '--decision', 'deny', '--out', 'never']]])(
    'stands in for a reason, and nothing else does: %j',
    async (args) => {
      expect(await terminal.run(args, { gate })).toMatchObject({ code: 2, err: expect.stringContaining('--reason') })
      expect(gate.calls).toEqual([])
    },
  )

  it('is sent, not signed', async () => {
    const file = terminal.file('signed before')
    const flags = ['--url', gate.url, '--name', 'bob']
    const statement = ['statement', REQUEST, '--decision', 'approve', '--out', file]
    const written = await terminal.run([...statement, ...flags], { env: { STARTGATE_NAME: '' } })
    await writeFile(`${file}.sig`, 'x')
    const asked = await terminal.run(['approve', REQUEST, '--signature', `${file}.sig`], { gate, lines: ['n'] })

    expect(written.out).toContain(`  startgate approve ${REQUEST} --signature '${file}.sig' ${flags.join(' ')}\n`)
    expect(asked.out).toContain('you are about to send what you signed:')
    expect(asked.err).toMatch(/Send this approval\?.*nothing was sent/s)
    expect(asked.out + asked.err).not.toMatch(/about to sign|nothing was signed/i)
  })
})

describe('a program', () => {
  it('that there is not is no fault', async () => {
    expect(await runProgram('startgate-no-such-program', [], 'x')).toBeUndefined()
  })

  it('is given its input, and gives its output and its code', async () => {
    const code = 'process.stdin.pipe(process.stdout).on("unpipe", () => process.exit(3))'

    expect(await runProgram(process.execPath, ['-e', code], 'hello')).toEqual({ code: 3, stdout: 'hello' })
  })

  it('may end before it has read anything', async () => {
    const ran = await runProgram(process.execPath, ['-e', 'process.exit(1)'], 'x'.repeat(1_000_000))

    expect(ran).toEqual({ code: 1, stdout: '' })
  })

  it('that cannot be run is a fault', async () => {
    await expect(runProgram(terminal.home, [], '')).rejects.toThrow('EACCES')
  })
})
