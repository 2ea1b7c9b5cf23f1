// One HTTP event from the door to the answer. Never throws: what a function throws is sent to the caller, with its stack.
import { toProblem, type Problem } from '#core/problem.ts'
import type { HttpEvent } from './event.ts'
import { toFacts } from './failure.ts'
import { toAnswer, toRequest, type HttpAnswer } from './http.ts'
import type { Gate, Opened } from './open.ts'

export async function answerHttp(event: HttpEvent, open: () => Opened<Gate>): Promise<HttpAnswer> {
  try {
    const { invocation, wired } = open()
    const call = invocation.requestId
    const request = toRequest(event, call)
    if (request === undefined) {
      wired.log.warn('call.malformed', { call })
      const problem = { path: '', message: 'has a method or a header that is not understood' }
      return toProblemAnswer(toProblem({ reason: 'malformed', problems: [problem] }))
    }
    return await answer(wired, request, call)
  } catch {
    // Whatever it was is in the log already.
    return toFault()
  }
}

/** For when not even the app could answer. */
export function toFault(): HttpAnswer {
  const detail = 'Something is wrong inside Startgate. Report the time of this call to who runs it.'
  return toProblemAnswer({ type: 'urn:startgate:fault', title: 'Fault', status: 500, detail })
}

async function answer(gate: Gate, request: Request, call: string): Promise<HttpAnswer> {
  try {
    return await toAnswer(await gate.fetch(request))
  } catch (error) {
    gate.log.error('call.failed', { call, ...toFacts(error) })
    throw error
  }
}

function toProblemAnswer(problem: Problem): HttpAnswer {
  const headers = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  }
  return { statusCode: problem.status, headers, isBase64Encoded: false, body: JSON.stringify(problem) }
}
