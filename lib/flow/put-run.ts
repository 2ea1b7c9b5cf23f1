import { createRow, headOf } from '#core/row.ts'
import { checkRunEntry, parseRuns, type RunEntry, type Runs } from '#core/runs.ts'
import type { StarterDeps } from './deps.ts'

/** Puts the next row of a stream of `runs`. `request`: for the log; default: that of the attempt. `taken`: another starter was quicker, and this one must stop. */
export async function putRun(
  deps: StarterDeps,
  stream: string,
  runs: Runs,
  { type, body }: RunEntry,
  request = runs.attempt?.body.request,
): Promise<Runs | 'taken'> {
  checkRunEntry({ type, body } as RunEntry)
  const content = {
    book: 'runs',
    stream,
    id: deps.random.id(),
    type,
    at: deps.clock.now(),
    actor: { function: 'starter' },
    body,
  } as const
  const row = createRow(content, headOf(runs.rows))
  if ((await deps.runs.put(row)) === 'taken') return 'taken'
  const after = parseRuns([...runs.rows, row])
  deps.log.info(`run.${type}`, {
    request: after.attempt?.body.request ?? request,
    digest: stream,
    n: row.n,
    ...('answer' in body ? { answer: body.answer } : {}),
  })
  return after
}
