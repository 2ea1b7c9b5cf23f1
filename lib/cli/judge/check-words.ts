// What the gate said to people, against what the record holds.
import type { Asks } from '#core/asks.ts'
import { parseRuns, type Runs } from '#core/runs.ts'
import { canStop, isFinalState, type Standing } from '#core/standing.ts'
import { toChecks, type Check } from './check.ts'

interface Record {
  readonly asks: Asks
  readonly runs: Runs
}

/** "Stopped" was said on the strength of what `runs` held then; nothing may have been started after it. */
export function checkStopped({ asks, runs }: Record): readonly Check[] {
  const event = asks.events.find((each) => each.type === 'stopped')
  if (event === undefined) return []
  const { n, hash } = event.body.runs
  const before = runs.rows.slice(0, n)
  const known = before.length === n && (before.at(-1)?.hash ?? '') === hash
  // What the starter began without knowing of the no, and gave up when it saw it.
  const later = runs.events.filter(
    ({ n: at, type, body }) => at > n && type !== 'attempted' && type !== 'stood_down' && body.next.do !== 'confirm',
  )
  return toChecks('stopped', 'It was stopped, and nothing was started after that.', [
    known ? undefined : 'The entry of runs that "stopped" rests on is missing or another one.',
    canStop(parseRuns(before)) ? undefined : '"Stopped" was said while a start may have been under way.',
    asks.no !== undefined && asks.no.n < event.n ? undefined : '"Stopped" stands before any no.',
    ...later.map(({ n: at, type }) => `Entry ${at} of runs (${type}) came after it was stopped.`),
  ])
}

/** What people were told binds: what is told of cannot be missing, and a final state stays. */
export function checkTold({ asks, runs }: Record, { state: outcome }: Standing): readonly Check[] {
  const told = asks.events.filter((event) => event.type === 'posted')
  if (told.length === 0) return []
  const faults = told.flatMap(({ n, body: { upto, state } }) => [
    upto.asks < n ? undefined : `Entry ${n} of asks tells of entries that come after it.`,
    upto.runs <= runs.rows.length
      ? undefined
      : `Entry ${n} of asks tells of ${upto.runs} entries of runs, and some are missing.`,
    !isFinalState(state) || state === outcome
      ? undefined
      : `People were told that it ended as ${state}; here it is ${outcome}.`,
  ])
  return toChecks('told', 'What people were told agrees with the record.', faults)
}
