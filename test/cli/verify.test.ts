import { writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { Judgement } from '#lib/cli/judge/judge-receipt.ts'
import { aPolicyDocument, AUDIENCE } from '#support/samples.ts'
import { aRunningReceipt } from './receipts.ts'
import { useTerminal } from './terminal.ts'

describe('verify', () => {
  const terminal = useTerminal()
  const receipt = aRunningReceipt()
  let args: string[] = []

  beforeAll(async () => {
    await writeFile(terminal.file('receipt.json'), JSON.stringify(receipt))
    await writeFile(terminal.file('policy.yaml'), stringify(aPolicyDocument(), { aliasDuplicateObjects: false }))
    args = ['verify', terminal.file('receipt.json'), '--policy', terminal.file('policy.yaml')]
  })

  it('lists its checks and the outcome', async () => {
    const { code, out } = await terminal.run(args)

    expect(code).toBe(0)
    expect(out).toContain('  ok     Signed: approved by bob (entry 2).')
    expect(out).toContain('VERIFIED  Outcome: running. The instance runs.')
    expect(out).toContain('--head')
  })

  it('reads the receipt from a pipe, and takes heads', async () => {
    const head = `asks:2:${receipt.asks[1]?.hash}`
    const pipe = [
      'verify',
      '-',
      '--policy',
      terminal.file('policy.yaml'),
      '--head',
      head,
      '--head',
      `r:3:${receipt.runs[2]?.hash}`,
    ]
    const { code, out } = await terminal.run([...pipe, '--json'], { input: JSON.stringify(receipt) })
    const checks = (JSON.parse(out) as Judgement).checks.filter(({ key }) => key === 'head')

    expect(code).toBe(0)
    expect(checks).toHaveLength(2)
    const given = async (hash: string) =>
      (await terminal.run([...pipe, '--head', `asks:2:${hash}`], { input: JSON.stringify(receipt) })).code
    expect(await given('zz')).toBe(2)
    // As a card shows it; whatever is shorter could be made to fit.
    const hash = receipt.asks[1]?.hash ?? ''
    expect([await given(hash.slice(0, 32)), await given(hash.slice(0, 31))]).toEqual([0, 2])
    expect(await given(`${hash.slice(0, 31)}${hash[31] === '0' ? '1' : '0'}`)).toBe(4)
  })

  it('ends with 4 when something is wrong', async () => {
    const input = JSON.stringify({ ...receipt, runs: receipt.runs.slice(1) })
    const { code, out } = await terminal.run(['verify', '-', ...args.slice(2)], { input })

    expect(code).toBe(4)
    expect(out).toContain('NOT VERIFIED')
    expect((await terminal.run([...args, '--audience', `${AUDIENCE}-staging`])).code).toBe(4)
  })

  it.each(['{}', 'not json', '{"v":1,"kind":"startgate-receipt","audience":"x","asks":[{"n":1}]}'])(
    'takes %s for no receipt',
    async (input) => {
      expect((await terminal.run(['verify', '-', ...args.slice(2)], { input })).code).toBe(4)
    },
  )

  it('needs a receipt and a sound policy', async () => {
    await writeFile(terminal.file('broken.yaml'), 'people: {}\nrules: []\n')
    await writeFile(terminal.file('no.yaml'), '{')

    expect((await terminal.run(['verify', terminal.file('none.json'), ...args.slice(2)])).code).toBe(2)
    expect((await terminal.run([...args, '--policy', terminal.file('none.yaml')])).code).toBe(2)
    expect((await terminal.run([...args, '--policy', terminal.file('broken.yaml')])).err).toContain('rules')
    expect((await terminal.run([...args, '--policy', terminal.file('no.yaml')])).err).toContain('no.yaml:1:2')
  })
})
