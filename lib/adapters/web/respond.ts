// Every answer leaves through here: results as JSON, refusals and faults as problem details (RFC 9457).
import { createResponse } from '#core/http-message.ts'
import { LANGUAGE_TAGS } from '#core/language/language.ts'
import { toFaultProblem, toProblem, type Problem } from '#core/problem.ts'
import type { Refusal } from '#core/refusal.ts'
import type { Call } from './door.ts'
import { isPassing, toFaultFacts } from './fault.ts'

type Headers = Readonly<Record<string, string>>

export function sendJson(body: unknown, status = 200, headers: Headers = {}): Response {
  const type = { 'content-type': 'application/json' }
  return createResponse({ body: JSON.stringify(body), status, headers: { ...type, ...headers } })
}

/** For an answer that has sentences in it, or is read beside them. */
export function inLanguage(c: Call): Headers {
  return { 'content-language': LANGUAGE_TAGS[c.get('language')] }
}

/** The exact flaw of a signature goes to the log; outside, one answer for all of them leaves nothing to probe with. */
export function sendRefusal(c: Call, refusal: Refusal, headers: Headers = {}): Response {
  if ('flaw' in refusal) {
    const { method, path } = c.req
    const facts = { call: c.get('callId'), method, path: path.slice(0, 200), flaw: refusal.flaw }
    c.get('log').warn(`call.${refusal.reason}`, facts)
  }
  const challenge = refusal.reason === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}
  return sendProblem(c, toProblem(refusal, c.get('language')), { ...challenge, ...headers })
}

export function sendFault(c: Call, error: unknown): Response {
  const { problem, headers } = noteFault(c, error)
  return sendProblem(c, problem, headers)
}

/** Puts it into the log. What it comes to outside has nothing of the fault itself, only a name under which it can be found there. */
export function noteFault(c: Call, error: unknown): { readonly problem: Problem; readonly headers: Headers } {
  const call = c.get('callId')
  const { method, path } = c.req
  c.get('log').error('call.failed', { call, method, path: path.slice(0, 200), ...toFaultFacts(error) })
  const language = c.get('language')
  return isPassing(error)
    ? { problem: toFaultProblem('unavailable', call, language), headers: { 'retry-after': '5' } }
    : { problem: toFaultProblem('fault', call, language), headers: {} }
}

function sendProblem(c: Call, problem: Problem, headers: Headers = {}): Response {
  return createResponse({
    body: JSON.stringify(problem),
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', ...inLanguage(c), ...headers },
  })
}
