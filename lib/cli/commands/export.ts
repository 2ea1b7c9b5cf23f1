import type { Command } from 'commander'
import { isFinalState } from '#core/standing.ts'
import type { RequestId } from '#core/request-id.ts'
import { receiptSchema, type Receipt } from '#lib/cli/answers.ts'
import type { Client } from '#lib/cli/client.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { dayOf, daysBetween, parseDay } from '#lib/cli/day.ts'
import { MOST_DAYS, type ExportHead } from '#lib/cli/export-form.ts'
import { EXIT, Failure, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { listDay } from '#lib/cli/list-day.ts'
import type { Printer } from '#lib/cli/print.ts'
import { connect, loadCaller, openSession, toPath, type Flags, type Session } from '#lib/cli/session.ts'

interface ExportFlags extends Flags {
  readonly from: string
  readonly to?: string
  readonly out?: string
}

export function addExport(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'export',
    summary: 'Fetch the receipts of all requests of some days (UTC), for verify; for those whom the policy lets read',
    examples: [
      'export --from 2026-11-01 --to 2026-11-30 --out november.jsonl',
      'export --from 2026-11-23 | startgate verify - --policy infra/policy.yaml',
    ],
    needs: 'caller',
  })
    .requiredOption('--from <day>', 'the first day, like 2026-11-01')
    .option('--to <day>', 'the last day (default: today)')
    .option('--out <file>', 'write it there instead of printing it; the file is there when it is whole')
    .action(async (flags: ExportFlags) => finish(await exportDays(io, flags)))
}

async function exportDays(io: Io, flags: ExportFlags): Promise<ExitCode> {
  const days = toDays(flags.from, flags.to ?? dayOf(io.now()))
  const session = await openSession(io, flags)
  const client = connect(session)
  const { head, ids, open } = await listDays(session, client, days)
  const values = fetchValues(session.err, client, head, ids)
  if (flags.out === undefined) for await (const value of values) session.out.jsonLine(value)
  else await io.files.replace(flags.out, toText(values))
  report(session, flags.out, head, open)
  return EXIT.good
}

function toDays(from: string, to: string): readonly string[] {
  const days = daysBetween(parseDay(from), parseDay(to))
  if (days.length === 0) throw new Failure(EXIT.usage, `The period ends on ${to}, before it begins on ${from}.`)
  if (days.length <= MOST_DAYS) return days
  throw new Failure(
    EXIT.usage,
    `From ${from} to ${to} there are ${days.length} days, and one export takes ${MOST_DAYS}.`,
    {
      next: ['Export it in parts: each file says which days it holds.'],
    },
  )
}

interface Listed {
  readonly head: ExportHead
  readonly ids: readonly RequestId[]
  /** How many had not ended when they were listed. */
  readonly open: number
}

/** Of each request only its id is kept, so that the first line can say how many follow. */
async function listDays(session: Session, client: Client, days: readonly string[]): Promise<Listed> {
  const { io, err } = session
  const caller = await loadCaller(session)
  // A request that is being finished moves between two tables, and may be met twice.
  const ids = new Set<RequestId>()
  const counts: { day: string; count: number }[] = []
  let open = 0
  for (const day of days) {
    const before = ids.size
    for await (const page of listDay(client, caller, day)) {
      const fresh = page.filter(({ id }) => !ids.has(id))
      for (const { id } of fresh) ids.add(id)
      open += fresh.filter(({ state }) => !isFinalState(state)).length
      showProgress(err, `${day}: ${ids.size} listed`)
    }
    counts.push({ day, count: ids.size - before })
  }
  const { audience } = caller
  const head = { v: 1, kind: 'startgate-export', audience, days: counts, count: ids.size, madeAt: io.now() } as const
  return { head, ids: [...ids], open }
}

/** So many receipts are fetched at once, and held. */
const AT_ONCE = 8

/** What stands on each line. */
async function* fetchValues(
  err: Printer,
  client: Client,
  head: ExportHead,
  ids: readonly RequestId[],
): AsyncGenerator<ExportHead | Receipt> {
  yield head
  for (let done = 0; done < ids.length; done += AT_ONCE) {
    yield* await Promise.all(ids.slice(done, done + AT_ONCE).map((id) => fetchReceipt(client, head, id)))
    showProgress(err, `${Math.min(done + AT_ONCE, ids.length)} of ${ids.length} receipts`)
  }
}

async function* toText(values: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`
}

async function fetchReceipt(client: Client, { audience }: ExportHead, id: RequestId): Promise<Receipt> {
  const receipt = await client.call({ method: 'GET', path: toPath(id, '/receipt'), schema: receiptSchema })
  if (receipt.audience === audience) return receipt
  throw new Failure(EXIT.mismatch, `The gate is that of ${receipt.audience}; you deal with ${audience}.`)
}

/** For who waits at a terminal, and is gone with the next one. */
function showProgress(err: Printer, text: string): void {
  if (!err.isTTY) return
  err.clear()
  err.part({ style: 'dim', text })
}

function report({ out, err, json }: Session, file: string | undefined, head: ExportHead, open: number): void {
  err.clear()
  if (json) {
    if (file !== undefined) out.json({ ...head, open, file })
    return
  }
  const [from, to] = [head.days[0]?.day, head.days.at(-1)?.day]
  const what = head.count === 0 ? 'No requests were made' : `${head.count} receipts of requests that were made`
  err.line(`${what} from ${from} to ${to} (UTC).`)
  if (open > 0) err.line(`${open} of them had not ended yet: export their days once more, later.`)
  if (file !== undefined) err.verbatim(`Written to ${file}. Next: startgate verify ${file} --policy <policy.yaml>`)
}
