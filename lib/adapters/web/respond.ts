// Every answer leaves through here: results as JSON, refusals and faults as problem details (RFC 9457).
import { toProblem, type Problem } from '#core/problem.ts'
import type { Refusal } from '#core/refusal.ts'
import type { Call } from './door.ts'
import { isPassing, toFaultFacts } from './fault.ts'

type Headers = Readonly<Record<string, string>>

export function sendJson(body: unknown, status = 200, headers: Headers = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
}

/** The exact flaw of a signature goes to the log; outside, one answer for all of them leaves nothing to probe with. */
export function sendRefusal(c: Call, refusal: Refusal, headers: Headers = {}): Response {
  if ('flaw' in refusal) {
    const { method, path } = c.req
    const facts = { call: c.get('callId'), method, path: path.slice(0, 200), flaw: refusal.flaw }
    c.get('log').warn(`call.${refusal.reason}`, facts)
  }
  const challenge = refusal.reason === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}
  return sendProblem(toProblem(refusal), { ...challenge, ...headers })
}

/** Nothing of the fault itself: only a name under which it can be found in the log. */
export function sendFault(c: Call, error: unknown): Response {
  const call = c.get('callId')
  const passing = isPassing(error)
  c.get('log').error('call.failed', { call, method: c.req.method, ...toFaultFacts(error) })
  return passing
    ? sendProblem(
        {
          type: 'urn:startgate:unavailable',
          title: 'Not available now',
          status: 503,
          detail: `What this call needs could not be reached, or gave no clear answer. Repeat it, with the same Idempotency-Key if it had one; if that does not help, report call ${call}.`,
        },
        { 'retry-after': '5' },
      )
    : sendProblem({
        type: 'urn:startgate:fault',
        title: 'Fault',
        status: 500,
        detail: `Something is wrong inside Startgate. Report call ${call} to who runs it.`,
      })
}

function sendProblem(problem: Problem, headers: Headers = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  })
}
