// How a request stands, in one or two sentences: what happened, and what to do next.
import type { Asks } from './asks.ts'
import { lookUp } from './catalogue.ts'
import type { Language } from './language/language.ts'
import { WORDS } from './language/tables.ts'
import type { AnswerWords, Group, No } from './language/words.ts'
import type { Proposal } from './proposal.ts'
import type { Answer, Runs } from './runs.ts'
import type { State } from './standing.ts'
import { toReadableInstant } from './words.ts'

export function sayState(state: State, proposal: Proposal, asks: Asks, runs: Runs, language: Language = 'en'): string {
  const { states } = WORDS[language]
  switch (state) {
    case 'pending':
      return sayPending(proposal, asks, language)
    case 'waiting':
      return sayWaiting(proposal.request.notBefore, runs, language)
    case 'starting':
      return runs.last?.type === 'accepted' ? states.accepted : states.sending
    case 'running':
      return sayRunning(runs, language)
    case 'dry_run_passed':
      return sayAnswer({ code: 'DryRunOperation' }, language)
    case 'failed':
    case 'stuck':
      return sayEnd(runs, language)
    case 'denied':
    case 'cancelled':
      return states[state](findNo(asks))
    default:
      return states[state]
  }
}

function sayPending({ rule }: Proposal, asks: Asks, language: Language): string {
  const missing = rule.approvals - listApprovers(asks).length
  return WORDS[language].states.pending(Math.max(missing, 0), rule.approvers, listMissingGroups(rule, asks))
}

/** Each once, in the order of their first yes. */
export function listApprovers({ approvals }: Asks): readonly string[] {
  return [...new Set(approvals.map(({ approver }) => approver))]
}

/** The groups of the rule of which nobody has said yes. */
export function listMissingGroups({ oneOfEach = [] }: Proposal['rule'], asks: Asks): readonly Group[] {
  const by = listApprovers(asks)
  return oneOfEach.filter(({ approvers }) => !approvers.some((name) => by.includes(name)))
}

function sayWaiting(notBefore: number | null, { last, next }: Runs, language: Language): string {
  const { states } = WORDS[language]
  const when = toReadableInstant(Math.max(next.do === 'again' ? next.at : 0, notBefore ?? 0))
  if (last?.type === 'refused') return states.again(findAnswerWords(last.body.answer, language).says, when)
  return states.waiting(when)
}

function sayRunning({ last }: Runs, language: Language): string {
  const { states } = WORDS[language]
  return last?.type === 'running' && last.body.inferred ? states.seen(last.body.status) : states.running
}

function sayEnd({ last }: Runs, language: Language): string {
  switch (last?.type) {
    case 'refused':
    case 'failed':
    case 'stuck':
      return sayAnswer(last.body.answer, language)
    default:
      return sayAnswer({ code: 'NoMoreAttempts' }, language)
  }
}

/** `detail` is said as it was written down. */
export function sayAnswer(answer: Answer, language: Language = 'en'): string {
  return WORDS[language].answer(findAnswerWords(answer, language), answer.detail)
}

export function findAnswerWords({ code, status }: Answer, language: Language): AnswerWords {
  const { means } = lookUp(code, status)
  const words = WORDS[language]
  return means === 'unheard' ? words.unheard(code) : words.answers[means]
}

function findNo({ events }: Asks): No | undefined {
  const no = events.find((event) => event.type === 'denied' || event.type === 'cancelled')
  if (no === undefined) return undefined
  return { by: no.type === 'denied' ? no.body.approver : no.body.by, reason: no.body.reason }
}
