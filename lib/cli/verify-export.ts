// Verifies a whole export as it is read, and says what is wrong as it is met.
import { parseJson } from '#core/json.ts'
import { exportHeadSchema, toLines, type ExportHead } from './export-form.ts'
import { EXIT, Failure, type ExitCode } from './failure.ts'
import { judgeExport, type ExportJudgement, type ExportQuestion, type WrongReceipt } from './judge/judge-export.ts'
import type { Printer } from './print.ts'
import type { Session } from './session.ts'

export interface OpenedExport {
  readonly head: ExportHead
  readonly lines: AsyncIterable<string>
}

/** Undefined: the first line is not that of an export. Fails on one that means to be, and is not understood. */
export async function openExport(
  chunks: AsyncIterable<string> | Iterable<string>,
  file: string,
): Promise<OpenedExport | undefined> {
  const lines = toLines(chunks)
  const first = await lines.next()
  const value = first.done === true ? undefined : parseJson(first.value)
  if (!isOfExport(value)) {
    await lines.return(undefined)
    return undefined
  }
  const head = exportHeadSchema.safeParse(value)
  if (head.success) return { head: head.data, lines }
  await lines.return(undefined)
  const faults = head.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Failure(EXIT.mismatch, `The first line of ${file} is not that of an export: ${faults.join('; ')}.`)
}

function isOfExport(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'startgate-export'
}

/** How many of those that do not verify are kept for the JSON: of the others, their number is. */
const MOST_WRONG = 1000

export async function verifyExport(
  { out, err, json }: Session,
  question: Omit<ExportQuestion, 'onWrong' | 'onLine'>,
): Promise<ExitCode> {
  const wrong: WrongReceipt[] = []
  const judgement = await judgeExport({
    ...question,
    onWrong(found) {
      err.clear()
      if (!json) printWrong(out, found)
      else if (wrong.length < MOST_WRONG) wrong.push(found)
    },
    onLine(line) {
      if (!err.isTTY) return
      err.clear()
      err.part({ style: 'dim', text: `${line - 1} of ${question.head.count} receipts` })
    },
  })
  err.clear()
  if (json) out.json({ ...judgement, wrong })
  else printSum(out, judgement)
  return judgement.verified ? EXIT.good : EXIT.mismatch
}

function printWrong(out: Printer, { line, request, texts: [first = '', ...more] }: WrongReceipt): void {
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`
  out.line(`line ${line}  ${request ?? '-'}  `, { style: 'red', text: 'WRONG' }, `  ${first}${rest}`)
}

function printSum(out: Printer, { verified, receipts: { checked, wrong }, states, checks }: ExportJudgement): void {
  const styles = { ok: 'green', wrong: 'red', note: 'yellow' } as const
  for (const { verdict, text } of checks)
    out.entry(['  ', { style: styles[verdict], text: (verdict === 'wrong' ? 'WRONG' : verdict).padEnd(5) }, '  '], text)
  const sum = `  ${checked - wrong} of ${checked} receipts verify.`
  const ends = Object.entries(states).map(([state, count]) => `${state.replaceAll('_', ' ')} ${count}`)
  out.line(
    verified ? { style: 'green', text: 'VERIFIED' } : { style: 'red', text: 'NOT VERIFIED' },
    ends.length === 0 ? sum : `${sum} Outcomes: ${ends.toSorted().join(', ')}.`,
  )
  if (!verified) return
  const limit = 'That the gate listed every request is its word: compare with entries that people hold (--head).'
  out.line({ style: 'dim', text: limit })
}
