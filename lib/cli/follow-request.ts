// Watches a request until it has ended. The rows themselves are read and folded here, so that a gate cannot rewrite on the
// way what it has shown before.
import { parseAsks } from '#core/asks.ts'
import { DURATIONS, MINUTE, SECOND } from '#core/durations.ts'
import type { RequestId } from '#core/request-id.ts'
import { findBrokenLink, type Row } from '#core/row.ts'
import { parseRuns } from '#core/runs.ts'
import { sayAsk, sayRun, type TimelineLine } from '#core/say-event.ts'
import { foldStanding } from '#core/standing.ts'
import { createView } from '#core/view.ts'
import { toReadableInstant } from '#core/words.ts'
import { eventsSchema } from './answers.ts'
import type { Client } from './client.ts'
import { EXIT, Failure, type ExitCode } from './failure.ts'
import { sayExpiry, toHeadText } from './print.ts'
import { connect, toPath, type Session } from './session.ts'
import { fetchShown } from './shown.ts'

interface Books {
  readonly asks: readonly Row[]
  readonly runs: readonly Row[]
}

/** Far more than a request may hold: a gate that sends rows without end is not listened to for ever. */
const MAX_FOLLOWED = 2000
const MISSES = 10

export async function followRequest(session: Session, id: RequestId): Promise<ExitCode> {
  const { io, err } = session
  const client = connect(session)
  const begun = io.now()
  let books: Books = { asks: [], runs: [] }
  for (let misses = 0; ;) {
    try {
      const before = books
      books = await readOn(client, id, before)
      err.clear()
      const end = await tellChanges(session, client, id, before, books)
      if (end !== undefined) return end
      misses = 0
    } catch (error) {
      err.clear()
      misses += 1
      if (!(error instanceof Failure) || error.exit !== EXIT.unreachable || misses > MISSES) throw error
      err.line({ style: 'yellow', text: `${error.message} Trying again.` })
    }
    await io.sleep(toPause(io.now() - begun))
  }
}

const GOOD = ['running', 'satisfied', 'dry_run_passed']

export function toExit(state: string): ExitCode {
  return GOOD.includes(state) ? EXIT.good : EXIT.refused
}

function toPause(age: number): number {
  return age < MINUTE ? 2 * SECOND : age < 10 * MINUTE ? 5 * SECOND : 15 * SECOND
}

async function readOn(client: Client, id: RequestId, { asks, runs }: Books): Promise<Books> {
  const { events, heads } = await client.call({
    method: 'GET',
    path: toPath(id, `/events?after=${asks.length}.${runs.length}`),
    schema: eventsSchema,
  })
  const more = {
    asks: [...asks, ...events.filter(({ book }) => book === 'asks')],
    runs: [...runs, ...events.filter(({ book }) => book === 'runs')],
  }
  for (const [book, rows] of [
    ['asks', more.asks],
    ['runs', more.runs],
  ] as const) {
    const broken = findBrokenLink(rows)
    if (broken !== undefined || rows.length > MAX_FOLLOWED)
      refuseRecord(`entry ${broken ?? rows.length} of ${book} does not follow from the one before`)
  }
  const behind = heads.asks.n > more.asks.length || heads.runs.n > more.runs.length
  return behind && events.length > 0 ? readOn(client, id, more) : more
}

function refuseRecord(why: string): never {
  throw new Failure(EXIT.mismatch, `The record that the gate shows is not sound: ${why}.`, {
    next: ['Do not rely on this gate; tell whoever runs it.'],
  })
}

/** Prints what is new; the exit code when it has ended. */
async function tellChanges(
  session: Session,
  client: Client,
  id: RequestId,
  before: Books,
  now: Books,
): Promise<ExitCode | undefined> {
  const { io, err } = session
  const asks = parseAsks(now.asks)
  const runs = parseRuns(now.runs)
  const { proposal } = asks
  if (proposal === undefined || proposal.request.id !== id) refuseRecord('it does not begin with this request')
  const lines = [
    ...asks.events.filter(({ n, type }) => n > before.asks.length && type !== 'posted').map((event) => sayAsk(event)),
    ...runs.events.filter(({ n }) => n > before.runs.length).map((event) => sayRun(event)),
  ]
  for (const line of lines.sort((one, other) => one.at - other.at)) printLine(session, line)

  const heads = { asks: toHead(now.asks, 'asks'), runs: toHead(now.runs, 'runs') }
  if (asks.fault === undefined && runs.fault === undefined) {
    const standing = foldStanding(asks, runs, io.now(), DURATIONS)
    if (standing.final) return printEnd(session, standing.state, createView(asks, runs, standing).headline, heads)
    if (err.isTTY) {
      // The hours and freezes of the policy are the gate's: only it can tell `ready` from `waiting` for them.
      const { state } = standing.state === 'ready' ? await fetchShown(client, id) : standing
      const progress = `${state}, ${sayExpiry(proposal.request.expiresAt, io.now())}`
      // Only what stays on one line can be taken back.
      err.part({ style: 'dim', text: progress.slice(0, (err.columns ?? Number.POSITIVE_INFINITY) - 1) })
    }
    if (io.now() < proposal.request.expiresAt) return undefined
  }
  // Time ends what no row ends, and rows of a newer version mean nothing here: then the gate's word is all there is.
  const shown = await fetchShown(client, id)
  if (!shown.final) return undefined
  err.clear()
  return printEnd(session, shown.state, shown.view.headline, heads)
}

function printLine({ out, json }: Session, { at, who, what }: TimelineLine): void {
  if (json) out.jsonLine({ at: new Date(at).toISOString(), who, what })
  else out.entry([{ style: 'dim', text: toReadableInstant(at) }, '  '], `${who}  ${what}`)
}

function printEnd(
  { out, json }: Session,
  state: string,
  headline: string,
  heads: Readonly<Record<string, string>>,
): ExitCode {
  const exit = toExit(state)
  if (json) out.jsonLine({ state, final: true, headline, heads })
  else {
    out.line({ style: exit === EXIT.good ? 'green' : 'red', text: state.replaceAll('_', ' ') }, `  ${headline}`)
    out.line({ style: 'dim', text: `Record  ${Object.values(heads).join(' ')}` })
  }
  return exit
}

function toHead(rows: readonly Row[], book: 'asks' | 'runs'): string {
  return toHeadText(book, { n: rows.length, hash: rows.at(-1)?.hash ?? '' })
}
