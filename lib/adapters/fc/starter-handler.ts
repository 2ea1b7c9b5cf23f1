// The starter's invocations: hints that something may be started, and the sweep, which finds it without them; and
// questions about the starter itself. No HTTP.
import { noteDeployed } from '#flow/deployed.ts'
import type { StarterDeps } from '#flow/deps.ts'
import { start, type Started } from '#flow/start.ts'
import { sweep } from '#flow/sweep.ts'
import { parseEvent, type FcEvent } from './event.ts'
import { createExamination } from './examine.ts'
import { failIfAny, logFaults, orFailPlainly, toFacts, toPlainError } from './failure.ts'
import { open, type Examine, type FcHandler, type Wire } from './open.ts'

export interface StarterOptions {
  /** Ends the process. Default: `process.exit`. */
  readonly exit?: () => void
}

type Work = Extract<FcEvent, { kind: 'hint' | 'job' }>

export function createStarterHandler(
  wire: Wire<StarterDeps>,
  examine: Examine,
  options: StarterOptions = {},
): FcHandler {
  const { exit = () => process.exit(1) } = options
  const examination = createExamination(examine)
  let noted = false

  /** The gate only compares policies by it; no start may wait or fail for it. */
  const noteOnce = async (deps: StarterDeps): Promise<void> => {
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
    const deps = open(wire, context).wired
    const noting = noteOnce(deps)
    try {
      if ((await work(deps, event)) === 'unsettled') {
        // Frozen after an answer and thawed with the next event, this process would send its StartInstance then.
        deps.log.error('start.unsettled', { event: event.kind })
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

async function work(deps: StarterDeps, event: Work): Promise<Started> {
  const { log } = deps
  if (event.kind === 'hint') return orFailPlainly(log, `starting ${event.request}`, () => start(deps, event.request))
  const { seen, worked, left, faults, started } = await orFailPlainly(log, 'sweep', () => sweep(deps))
  if (seen > 0) log.info('swept', { seen, worked, left, faults: faults.length })
  if (started === 'unsettled') logFaults(log, 'sweep', faults)
  else failIfAny(log, 'sweep', faults, worked)
  return started
}
