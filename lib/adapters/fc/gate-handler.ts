// The gate's invocations: HTTP for people and machines, timers that tell and ask, hints that something changed,
// what was said in a chat, and questions about the gate itself.
import { answerHttp, toFault } from './answer-http.ts'
import { parseEvent } from './event.ts'
import { createExamination } from './examine.ts'
import { orFailPlainly } from './failure.ts'
import { open, type Examine, type FcHandler, type Gate, type Wire } from './open.ts'

export function createGateHandler(wire: Wire<Gate>, examine: Examine): FcHandler {
  const examination = createExamination(examine)
  return async (bytes, context) => {
    const event = parseEvent(bytes)
    if (event.kind === 'http') return answerHttp(event.http, () => open(wire, context))
    // Somebody waits for a response, so nothing may be thrown.
    if (event.kind === 'unknown' && event.answered) return toFault()
    if (event.kind === 'doctor') return examination.answer(context, event.instances)
    if (event.kind === 'knock') return 'done'
    if (event.kind === 'job') examination.noteTimer()
    const { log, deps } = open(wire, context).wired
    const load = async () => Promise.all([import('./gate-work.ts'), deps()])
    const [{ work }, made] = await orFailPlainly(log, 'making the flow', load)
    await work(made, event)
    return 'done'
  }
}
