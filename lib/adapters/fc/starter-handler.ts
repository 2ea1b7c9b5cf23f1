// The starter's invocations: hints that something may be started, and the sweep, which finds it without them; and
// questions about the starter itself. No HTTP.
import { noteDeployed } from '#flow/deployed.ts'
import type { FirstDeps } from '#flow/deps.ts'
import { findDue } from '#flow/due.ts'
import type { Started } from '#flow/start.ts'
import { parseEvent, type FcEvent } from './event.ts'
import { createExamination } from './examine.ts'
import { orFailPlainly, toFacts, toPlainError } from './failure.ts'
import { open, type Examine, type FcHandler, type Starter, type Wire } from './open.ts'

export interface StarterOptions {
  /** Ends the process. Default: `process.exit`. */
  readonly exit?: () => void
}

type Work = Extract<FcEvent, { kind: 'hint' | 'job' }>

export function createStarterHandler(wire: Wire<Starter>, examine: Examine, options: StarterOptions = {}): FcHandler {
  const { exit = () => process.exit(1) } = options
  const examination = createExamination(examine)
  let noted = false

  /** The gate only compares policies by it; no start may wait or fail for it. */
  const noteOnce = async (deps: FirstDeps): Promise<void> => {
    if (noted) return
    noted = true
    try {
      await noteDeployed(deps)
    } catch (error) {
      deps.log.error('deployed.failed', toFacts(error))
    }
  }

  return async (bytes, context) => {
    const event = parseEvent(bytes)
    if (event.kind === 'doctor') return examination.answer(context, event.instances)
    if (event.kind === 'knock') return 'done'
    if (!isWork(event)) throw toPlainError('the starter does not know this event; nothing was done')
    if (event.kind === 'job') examination.noteTimer()
    const starter = open(wire, context).wired
    const noting = noteOnce(starter.first)
    try {
      if ((await work(starter, event)) === 'unsettled') {
        // Frozen after an answer and thawed with the next event, this process would send its StartInstance then.
        starter.first.log.error('start.unsettled', { event: event.kind })
        exit()
        throw toPlainError('a StartInstance was not let go of, and the process did not end')
      }
    } finally {
      // It too would be sent with the next event.
      await noting
    }
    return 'done'
  }
}

function isWork(event: FcEvent): event is Work {
  return event.kind === 'hint' || (event.kind === 'job' && event.job === 'sweep')
}

async function work({ first, deps }: Starter, event: Work): Promise<Started> {
  const { log } = first
  const load = async () =>
    orFailPlainly(log, 'making the flow', () => Promise.all([import('./starter-work.ts'), deps()]))
  if (event.kind === 'hint') {
    const [{ startOne }, made] = await load()
    return startOne(made, event.request)
  }
  const due = await orFailPlainly(log, 'sweep', () => findDue(first))
  if (due.length === 0) return 'done'
  const [{ startDue }, made] = await load()
  return startDue(made, due)
}
