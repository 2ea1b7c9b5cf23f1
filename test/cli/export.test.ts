// The receipts of whole days: fetched page by page, and judged as one file.
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { DAY } from '#core/durations.ts'
import type { RequestId } from '#core/request-id.ts'
import { approve, deny } from '#flow/decide.ts'
import type { Receipt } from '#lib/cli/answers.ts'
import type { ExportHead } from '#lib/cli/export-form.ts'
import type { ExportJudgement, WrongReceipt } from '#lib/cli/judge/judge-export.ts'
import { teamDocument } from '#support/team.ts'
import { createWorld, INSTANCE, type World } from '#support/world.ts'
import { createPlay, type Play } from './play.ts'
import { rechain } from './receipts.ts'
import { useTerminal, type Ran } from './terminal.ts'

const terminal = useTerminal()
const COUNT = 250

let world: World
let play: Play
let days: readonly [string, string]
let exported: Ran
let lines: readonly string[]

/** The first day has one that ran, one that was denied and many that nobody approved; the day after has none, the next one. */
async function playMany(): Promise<void> {
  const ids: RequestId[] = []
  for (let n = 0; n < COUNT; n += 1) {
    const { id } = (await world.ask({}, { key: `key-${n}` })).proposal.request
    ids.push(id)
  }
  const [first, second] = await Promise.all([ids[0], ids[1]].map((id) => world.load(id ?? 'req_')))
  if (first === undefined || second === undefined) throw new Error('nothing was asked')
  await approve(world.gate, first.proposal.request.id, await world.sign('bob', 'approve', first.proposal))
  await deny(world.gate, second.proposal.request.id, await world.sign('carol', 'deny', second.proposal, 'not today'))
  await world.runHints()
  await world.clock.advance(60_000)
  await world.sweep()
  await world.clock.advance(2 * DAY)
  await world.tellDue()
  world.instances.change(INSTANCE, { status: 'Stopped' })
  await world.ask({}, { key: 'later' })
}

function dayAt(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

beforeAll(async () => {
  world = createWorld()
  const begun = world.clock.now()
  await playMany()
  days = [dayAt(begun), dayAt(world.clock.now())]
  play = createPlay(terminal, world)
  await writeFile(terminal.file('policy.yaml'), stringify(teamDocument(), { aliasDuplicateObjects: false }))
  const [from, to] = days
  exported = await play.run('carol', ['export', '--from', from, '--to', to])
  lines = exported.out.trimEnd().split('\n')
}, 60_000)

function verify(input: string, ...more: readonly string[]): Promise<Ran> {
  return play.run('carol', ['verify', '-', '--policy', terminal.file('policy.yaml'), ...more], input)
}

async function judge(
  text: readonly string[],
  ...more: readonly string[]
): Promise<ExportJudgement & { readonly wrong: readonly WrongReceipt[] }> {
  const { out } = await verify(`${text.join('\n')}\n`, '--json', ...more)
  return JSON.parse(out) as Awaited<ReturnType<typeof judge>>
}

function wrongChecks({ checks }: ExportJudgement): readonly string[] {
  return checks.flatMap(({ verdict, text }) => (verdict === 'wrong' ? [text] : []))
}

const receiptAt = (line: number): Receipt => JSON.parse(lines[line - 1] ?? '') as Receipt

/** The first day alone, as it was when all of it had ended. */
function ofFirstDay(): string[] {
  const head = JSON.parse(lines[0] ?? '') as ExportHead
  return [JSON.stringify({ ...head, days: head.days.slice(0, 1), count: COUNT }), ...lines.slice(1, COUNT + 1)]
}

describe('export', () => {
  it('says what the file is, and then has one receipt a line, of every request of these days', () => {
    const head = JSON.parse(lines[0] ?? '') as ExportHead
    const ids = lines.slice(1).map((line) => (JSON.parse(line) as Receipt).asks[0]?.stream)

    expect(exported).toMatchObject({ code: 0, err: expect.stringContaining('1 of them had not ended yet') })
    expect(head).toMatchObject({ v: 1, kind: 'startgate-export', audience: world.gate.audience, count: COUNT + 1 })
    expect(head.days).toEqual([
      { day: days[0], count: COUNT },
      { day: dayAt(Date.parse(days[0]) + DAY), count: 0 },
      { day: days[1], count: 1 },
    ])
    expect(new Set(ids).size).toBe(COUNT + 1)
  })

  it('is written to a file in one step, and doing it again leaves the same', async () => {
    const file = terminal.file('out/month.jsonl')
    const [from, to] = days
    const args = ['export', '--from', from, '--to', to, '--out', file]
    const { code, err } = await play.run('carol', args)
    await play.run('carol', args)

    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(`startgate verify ${file}`) })
    expect((await readFile(file, 'utf8')).split('\n').slice(1)).toEqual([...lines.slice(1), ''])
    expect(await readdir(dirname(file))).toEqual(['month.jsonl'])
  })

  it('leaves the file of before when it fails half-way', async () => {
    const file = terminal.file('half/month.jsonl')
    const [from] = days
    const args = ['export', '--from', from, '--to', from, '--out', file]
    await play.run('carol', args)
    const before = await readFile(file, 'utf8')
    const failing = createPlay(terminal, world, (path) => path.endsWith('/receipt'))
    const { code, err } = await failing.run('carol', args)

    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('503') })
    expect(await readFile(file, 'utf8')).toBe(before)
    expect(await readdir(dirname(file))).toEqual(['month.jsonl'])
  })

  it('says in JSON what it wrote, and prints nothing else', async () => {
    const file = terminal.file('json.jsonl')
    const args = ['export', '--from', days[1], '--to', days[1], '--out', file, '--json']
    const { code, out, err } = await play.run('carol', args)

    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(out)).toMatchObject({ count: 1, open: 1, file, days: [{ day: days[1], count: 1 }] })
  })

  it('takes nothing from the gate of another deployment', async () => {
    const fetch: typeof play.fetch = async (url, init) => {
      const answer = await play.fetch(url, init)
      if (!url.pathname.endsWith('/receipt')) return answer
      const receipt = (await answer.json()) as object
      return Response.json({ ...receipt, audience: `${world.gate.audience}-staging` })
    }
    const { code, err } = await terminal.run(['export', '--from', days[1], '--to', days[1]], {
      who: 'carol',
      env: { STARTGATE_URL: play.url },
      inProcess: { fetch, now: () => world.clock.now() },
    })

    expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining('-staging; you deal with') })
  })

  it('takes a period without requests', async () => {
    const { code, out, err } = await play.run('carol', ['export', '--from', '2020-02-28', '--to', '2020-03-01'])

    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('No requests were made') })
    expect(JSON.parse(out)).toMatchObject({ count: 0, days: [{}, { day: '2020-02-29', count: 0 }, {}] })
    expect(await verify(out)).toMatchObject({
      code: 0,
      out: expect.stringContaining('No requests were made on 2020-02-28 to 2020-03-01.'),
    })
  })

  it('shows how far it is on a terminal, and takes that back', async () => {
    const fetch = play.fetch
    const situation = { who: 'carol', lines: [], env: { STARTGATE_URL: play.url, NO_COLOR: '1' } } as const
    const inProcess = { fetch, now: () => world.clock.now() }
    const file = terminal.file('shown.jsonl')
    const args = ['export', '--from', days[1], '--to', days[1], '--out', file]
    const { err } = await terminal.run(args, { ...situation, inProcess })

    expect(err).toContain(`${days[1]}: 1 listed`)
    expect(err).toContain('1 of 1 receipts\r\u001B[2K')
    const verifying = await terminal.run(['verify', file, '--policy', terminal.file('policy.yaml')], {
      ...situation,
      inProcess,
    })
    expect(verifying.err).toContain('1 of 1 receipts\r\u001B[2K')
  })

  it.each([
    [['--from', 'monday'], 'monday is no day'],
    [['--from', '2026-02-31'], '2026-02-31 is no day'],
    [['--from', '2026-11-02', '--to', '2026-11-01'], 'before it begins'],
    [['--from', '2020-01-01', '--to', '2026-11-01'], 'in parts'],
    [[], '--from'],
  ])('refuses %j', async (args, why) => {
    expect(await play.run('carol', ['export', ...args])).toMatchObject({ code: 2, err: expect.stringContaining(why) })
  })

  it('is for those whom the policy lets read', async () => {
    expect(await play.run('bob', ['export', '--from', days[0]])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('mayRead'),
    })
  })
})

describe('verify of an export', () => {
  it('judges every receipt, names one that has not ended, and says which days have none', async () => {
    const { code, out } = await verify(exported.out)
    const later = (JSON.parse(lines.at(-1) ?? '') as Receipt).asks[0]?.stream

    expect(code).toBe(4)
    expect(out).toContain(`line ${COUNT + 2}  ${later}  WRONG  It has not ended (pending)`)
    expect(out).toContain(`No requests were made on ${dayAt(Date.parse(days[0]) + DAY)}.`)
    expect(out).toContain(`NOT VERIFIED  ${COUNT} of ${COUNT + 1} receipts verify.`)
    expect(out).toContain(`Outcomes: denied 1, expired ${COUNT - 2}, running 1.`)
  })

  it('verifies what has ended, from a file too, and finds the entries that people hold', async () => {
    const file = terminal.file('sound.jsonl')
    await writeFile(file, `${ofFirstDay().join('\n')}\n`)
    const held = receiptAt(7).asks[0]?.hash ?? ''
    const args = ['verify', file, '--policy', terminal.file('policy.yaml')]

    expect(await play.run('carol', args)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`VERIFIED  ${COUNT} of ${COUNT} receipts verify.`),
    })
    expect(await play.run('carol', [...args, '--head', `asks:1:${held}`])).toMatchObject({ code: 0 })
    expect(await play.run('carol', [...args, '--head', `asks:1:${held.slice(0, 32)}`])).toMatchObject({ code: 0 })
    expect(await play.run('carol', [...args, '--head', `asks:1:${'0'.repeat(64)}`])).toMatchObject({
      code: 4,
      out: expect.stringContaining('is in none of the receipts'),
    })
  })

  it('names a line that was changed, and goes on', async () => {
    const changed = ofFirstDay()
    const receipt = receiptAt(9)
    const asks = receipt.asks.map((row, index) => (index === 0 ? { ...row, at: row.at + 1 } : row))
    changed[8] = JSON.stringify({ ...receipt, asks })
    changed[19] = changed[19]?.slice(0, 100) ?? ''
    const { receipts, wrong } = await judge(changed)

    expect(receipts).toEqual({ checked: COUNT, wrong: 2 })
    expect(wrong).toMatchObject([
      {
        line: 9,
        request: receipt.asks[0]?.stream,
        texts: [expect.stringContaining('Entry 1 of asks'), expect.anything()],
      },
      { line: 20, texts: ['It is no receipt: it was changed, or cut off.'] },
    ])
  })

  it('says that a file was cut off, between lines and within one', async () => {
    const whole = ofFirstDay()
    const between = await judge(whole.slice(0, 101))
    const within = await verify(whole.join('\n').slice(0, -200))

    expect(between).toMatchObject({ verified: false, receipts: { checked: 100, wrong: 0 } })
    expect(wrongChecks(between)).toEqual([
      `There are 100 receipts, and the first line says ${COUNT}.`,
      `Of ${days[0]} there are 100 receipts, and ${COUNT} were listed.`,
    ])
    expect(within).toMatchObject({ code: 4, out: expect.stringContaining(`line ${COUNT + 1}  -  WRONG`) })
  })

  it('finds a request twice, and attempts that stand in two receipts', async () => {
    const twice = ofFirstDay()
    twice[30] = twice[29] ?? ''
    const ran = lines.findIndex((line) => line.includes('"type":"running"')) + 1
    const receipt = receiptAt(ran === 40 ? 41 : 40)
    const borrowed = [...twice.slice(0, 30), ...ofFirstDay().slice(30)]
    borrowed[ran === 40 ? 40 : 39] = JSON.stringify({ ...receipt, runs: receiptAt(ran).runs })

    expect((await judge(twice)).wrong).toMatchObject([
      { line: 31, texts: [`${receiptAt(30).asks[0]?.stream} has a receipt on line 30 already.`] },
    ])
    const texts = (await judge(borrowed)).wrong.flatMap((each) => each.texts)
    expect(texts).toContainEqual(expect.stringMatching(/^The attempts of [0-9a-f]{12}… stand on line \d+ already\.$/))
  })

  it('finds receipts of another day or deployment, and a first line that does not agree with itself', async () => {
    const [head = '', ...rest] = ofFirstDay()
    const read = JSON.parse(head) as ExportHead
    const moved = {
      ...read,
      days: [
        { day: '2020-01-01', count: COUNT },
        { day: '2020-01-01', count: 1 },
      ],
    }

    expect(wrongChecks(await judge([JSON.stringify(moved), ...rest]))).toEqual([
      `The days of the first line have ${COUNT + 1} requests, and it says ${COUNT}.`,
      'The first line names a day twice.',
      `Of 2020-01-01 there are 0 receipts, and ${COUNT} were listed.`,
      'Of 2020-01-01 there are 0 receipts, and 1 were listed.',
      `${COUNT} receipts are of ${days[0]}, which is none of its days.`,
    ])
    expect(wrongChecks(await judge([head, ...rest], '--audience', `${read.audience}-staging`))).toHaveLength(1)
    expect(await verify('{"kind":"startgate-export","v":2}\n')).toMatchObject({
      code: 4,
      err: expect.stringContaining('not that of an export'),
    })
  })

  it('does not take a receipt for another one chained anew', async () => {
    const forged = ofFirstDay()
    const receipt = receiptAt(12)
    const asks = rechain(receipt.asks, ({ at }) => ({ at: at + 1 }))
    forged[11] = JSON.stringify({ ...receipt, asks })

    const held = `asks:1:${receipt.asks[0]?.hash}`
    expect(wrongChecks(await judge(forged, '--head', held))).toEqual([
      'Entry 1 of asks, which somebody holds, is in none of the receipts.',
    ])
  })
})
