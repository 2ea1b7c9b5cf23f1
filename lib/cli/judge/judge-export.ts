// Judges the lines of an export one after the other, and what no single receipt can show: that none is there twice, that no
// attempt serves two requests, and that none of those that were listed is missing. Of each receipt only ids are kept.
import { parseAsks } from '#core/asks.ts'
import { parseJson } from '#core/json.ts'
import { receiptSchema, type Receipt } from '#lib/cli/answers.ts'
import { dayOf, sayDays } from '#lib/cli/day.ts'
import type { ExportHead } from '#lib/cli/export-form.ts'
import type { HeldHead } from './check-books.ts'
import { toChecks, type Check } from './check.ts'
import { judgeReceipt, type ReceiptQuestion } from './judge-receipt.ts'

export type ExportQuestion = Omit<ReceiptQuestion, 'receipt'> & {
  readonly head: ExportHead
  /** Those after the first one, which is `head`. */
  readonly lines: AsyncIterable<string>
  /** Called with each receipt that does not verify, as it is met. */
  readonly onWrong: (wrong: WrongReceipt) => void
  /** Called after each line. */
  readonly onLine: (line: number) => void
}

export interface WrongReceipt {
  /** Counted from 1, the first one being that of the export itself. */
  readonly line: number
  /** Undefined: it cannot be told. */
  readonly request?: string
  /** What was found, a sentence each. */
  readonly texts: readonly string[]
}

export interface ExportJudgement {
  readonly verified: boolean
  readonly receipts: { readonly checked: number; readonly wrong: number }
  /** How those that verify ended. */
  readonly states: Readonly<Record<string, number>>
  /** About the export as a whole. */
  readonly checks: readonly Check[]
}

interface Seen {
  /** Where each request, and each stream of `runs`, was met first. */
  readonly requests: Map<string, number>
  readonly streams: Map<string, number>
  readonly days: Map<string, number>
  readonly policies: Set<string>
  held: readonly HeldHead[]
}

export async function judgeExport(question: ExportQuestion): Promise<ExportJudgement> {
  const { head, lines, heads, onWrong, onLine } = question
  const seen: Seen = { requests: new Map(), streams: new Map(), days: new Map(), policies: new Set(), held: heads }
  const states: Record<string, number> = {}
  let [line, wrong] = [1, 0]
  for await (const text of lines) {
    line += 1
    const judged = await judgeLine(question, seen, line, text)
    if ('state' in judged) states[judged.state] = (states[judged.state] ?? 0) + 1
    else {
      wrong += 1
      onWrong({ line, ...judged })
    }
    onLine(line)
  }
  const checked = line - 1
  const checks = [
    ...checkCount(head, checked),
    ...checkDays(head, seen),
    ...checkDeployment(question),
    ...checkHeld(heads, seen),
    ...notePolicies(question, seen),
  ]
  const verified = wrong === 0 && checks.every(({ verdict }) => verdict !== 'wrong')
  return { verified, receipts: { checked, wrong }, states, checks }
}

type Judged = { readonly state: string } | Omit<WrongReceipt, 'line'>

async function judgeLine(question: ExportQuestion, seen: Seen, line: number, text: string): Promise<Judged> {
  const parsed = receiptSchema.safeParse(parseJson(text))
  if (!parsed.success) return { texts: ['It is no receipt: it was changed, or cut off.'] }
  const receipt = parsed.data
  const { verified, checks, outcome } = await judgeReceipt({ ...question, receipt, heads: [] })
  const repeats = note(seen, line, receipt)
  const request = receipt.asks[0]?.stream
  const texts = [...checks.flatMap((each) => (each.verdict === 'wrong' ? [each.text] : [])), ...repeats]
  if (verified && texts.length === 0) return { state: outcome?.state ?? 'unknown' }
  return request === undefined ? { texts } : { request, texts }
}

/** Keeps what the receipts after this one are compared with; the answer is what this one repeats. */
function note(seen: Seen, line: number, { asks, runs }: Receipt): readonly string[] {
  const { proposal } = parseAsks(asks)
  if (proposal !== undefined) {
    const day = dayOf(proposal.request.createdAt)
    seen.days.set(day, (seen.days.get(day) ?? 0) + 1)
    seen.policies.add(proposal.policy)
  }
  const rows = [...asks, ...runs]
  seen.held = seen.held.filter(
    ({ book, n, hash }) => !rows.some((row) => row.book === book && row.n === n && row.hash.startsWith(hash)),
  )
  return [
    ...findRepeats(seen.requests, line, new Set(asks.map(({ stream }) => stream))).map(
      ([stream, first]) => `${stream} has a receipt on line ${first} already.`,
    ),
    ...findRepeats(seen.streams, line, new Set(runs.map(({ stream }) => stream))).map(
      ([stream, first]) => `The attempts of ${stream.slice(0, 12)}… stand on line ${first} already.`,
    ),
  ]
}

function findRepeats(
  known: Map<string, number>,
  line: number,
  streams: ReadonlySet<string>,
): readonly (readonly [string, number])[] {
  return [...streams].flatMap((stream) => {
    const first = known.get(stream)
    if (first === undefined) known.set(stream, line)
    return first === undefined ? [] : [[stream, first] as const]
  })
}

function checkCount({ count, days }: ExportHead, checked: number): readonly Check[] {
  const sum = days.reduce((total, day) => total + day.count, 0)
  return toChecks('count', `All receipts that were listed are there: ${count}.`, [
    checked === count ? undefined : `There are ${checked} receipts, and the first line says ${count}.`,
    sum === count ? undefined : `The days of the first line have ${sum} requests, and it says ${count}.`,
  ])
}

/** Each receipt by the day that its own request says, against what the first line says of that day. */
function checkDays({ days }: ExportHead, { days: found }: Seen): readonly Check[] {
  const listed = new Set(days.map(({ day }) => day))
  const empty = days.filter(({ count }) => count === 0).map(({ day }) => day)
  const gaps: readonly Check[] =
    empty.length === 0 ? [] : [{ key: 'gap', verdict: 'note', text: `No requests were made on ${sayDays(empty)}.` }]
  return [
    ...toChecks('days', 'Each day has as many receipts as requests were listed for it.', [
      listed.size === days.length ? undefined : 'The first line names a day twice.',
      ...days.map(({ day, count }) => {
        const there = found.get(day) ?? 0
        return there === count ? undefined : `Of ${day} there are ${there} receipts, and ${count} were listed.`
      }),
      ...[...found].map(([day, count]) =>
        listed.has(day) ? undefined : `${count} receipts are of ${day}, which is none of its days.`,
      ),
    ]),
    ...gaps,
  ]
}

/** Those of the receipts are judged with each. */
function checkDeployment({ head, audience }: ExportQuestion): readonly Check[] {
  return toChecks('audience', `It is of the deployment ${head.audience}.`, [
    audience === undefined || audience === head.audience ? undefined : `It is of ${head.audience}, not of ${audience}.`,
  ])
}

function checkHeld(heads: readonly HeldHead[], { held }: Seen): readonly Check[] {
  if (heads.length === 0) return []
  return toChecks(
    'head',
    'Every entry that somebody holds is there.',
    held.map(({ book, n }) => `Entry ${n} of ${book}, which somebody holds, is in none of the receipts.`),
  )
}

/** No reason for doubt by itself: a policy changes. */
function notePolicies({ policy: { digest } }: ExportQuestion, { policies }: Seen): readonly Check[] {
  const others = [...policies].filter((each) => each !== digest).length
  if (others === 0) return []
  const text = `Some were made under ${others === 1 ? 'another policy' : `${others} other policies`} than the one given here: where one does not verify, try the policy of its time.`
  return [{ key: 'policy', verdict: 'note', text }]
}
