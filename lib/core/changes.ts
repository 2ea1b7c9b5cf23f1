// The changes of a request's state one by one, from the record: what a tool that follows it has not heard yet.
import { parseAsks, type AskEvent, type Asks } from './asks.ts'
import { parseRuns, type RunEvent, type Runs } from './runs.ts'
import type { Standing } from './standing.ts'
import type { Heard, News } from './telling.ts'

export interface Change {
  readonly asks: Asks
  readonly runs: Runs
  readonly standing: Standing
  readonly upto: News['upto']
  /** When its last row was put, epoch ms. */
  readonly at: number
}

type Fold = (asks: Asks, runs: Runs, now: number) => Standing

/**
 * The states that came after what was heard and before the news, in order, each as it was at its latest: what is told of a
 * state while it lasts then never has a larger number than what is told of it later. How it stands now is not among them, and
 * no end is: only the latest can be one.
 */
export function listMissed(asks: Asks, runs: Runs, heard: Heard, news: News, fold: Fold): readonly Change[] {
  const missed: Change[] = []
  let { upto } = heard
  for (const event of listEvents(asks, runs, heard)) {
    upto = { ...upto, [event.book]: event.n }
    // What is no end is told as it stands now; before an end that time alone made, how it stood until then is a change.
    if (!news.final && upto.asks >= news.upto.asks && upto.runs >= news.upto.runs) break
    const change = foldAt(asks, runs, upto, fold)
    if (change.standing.final) continue
    if (change.standing.state === missed.at(-1)?.standing.state) missed.pop()
    if (missed.length > 0 || change.standing.state !== heard.state) missed.push(change)
  }
  return missed.at(-1)?.standing.state === news.state ? missed.slice(0, -1) : missed
}

function foldAt(asks: Asks, runs: Runs, upto: News['upto'], fold: Fold): Change {
  const some = parseAsks(asks.rows.filter(({ n }) => n <= upto.asks))
  const done = parseRuns(runs.rows.filter(({ n }) => n <= upto.runs))
  const at = Math.max(...[...some.rows, ...done.rows].filter(({ type }) => type !== 'posted').map((row) => row.at))
  return { asks: some, runs: done, standing: fold(some, done, at), upto, at }
}

function listEvents(asks: Asks, runs: Runs, { upto }: Heard): readonly (AskEvent | RunEvent)[] {
  const said = asks.events.filter(({ n, type }) => n > upto.asks && type !== 'posted')
  return merge(
    said,
    runs.events.filter(({ n }) => n > upto.runs),
  )
}

function merge(asks: readonly AskEvent[], runs: readonly RunEvent[]): readonly (AskEvent | RunEvent)[] {
  const [ask, run] = [asks[0], runs[0]]
  if (ask === undefined) return runs
  if (run === undefined) return asks
  return isBefore(ask, run) ? [ask, ...merge(asks.slice(1), runs)] : [run, ...merge(asks, runs.slice(1))]
}

/** What one row knew of the other book came before it; where neither knew, the two clocks decide. */
function isBefore(ask: AskEvent, run: RunEvent): boolean {
  if (ask.type === 'requested' || (run.type === 'attempted' && run.body.asks.n >= ask.n)) return true
  if (ask.type === 'stopped' && ask.body.runs.n >= run.n) return false
  return ask.at <= run.at
}
