// How a request stands, in one or two sentences: what happened, and what to do next.
import { toYeses, type Asks } from './asks.ts'
import { lookUp } from './catalogue.ts'
import type { Language } from './language/language.ts'
import { WORDS } from './language/tables.ts'
import type { AnswerWords, Group, No } from './language/words.ts'
import type { Proposal } from './proposal.ts'
import { lacksOwnTool } from './rule.ts'
import type { Answer, Runs } from './runs.ts'
import type { Standing } from './standing.ts'
import { toReadableInstant, type SayInstant } from './words.ts'

export function sayState(
  standing: Pick<Standing, 'state' | 'startsFrom'>,
  proposal: Proposal,
  asks: Asks,
  runs: Runs,
  language: Language = 'en',
  sayInstant: SayInstant = toReadableInstant,
): string {
  const { states } = WORDS[language]
  const { state } = standing
  switch (state) {
    case 'pending':
      return sayPending(proposal, asks, language)
    case 'waiting':
      return sayWaiting(toStart(standing, proposal, sayInstant), runs, language)
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
  const counted = listCounted(rule, asks)
  const missing = Math.max(rule.approvals - counted.length, 0)
  const open = rule.approvers.filter((name) => !counted.includes(name))
  const groups = listMissingGroups(rule, asks)
  return WORDS[language].states.pending(missing, open, groups, lacksOwnTool(rule, toYeses(asks)))
}

/** The groups of the rule of which nobody has said yes. */
export function listMissingGroups(rule: Proposal['rule'], asks: Asks): readonly Group[] {
  const counted = listCounted(rule, asks)
  return (rule.oneOfEach ?? []).filter(({ approvers }) => !approvers.some((name) => counted.includes(name)))
}

function listCounted({ approvers }: Proposal['rule'], asks: Asks): readonly string[] {
  return listApprovers(asks).filter((name) => approvers.includes(name))
}

/** Each once, in the order of their first yes. */
export function listApprovers({ approvals }: Asks): readonly string[] {
  return [...new Set(approvals.map(({ approver }) => approver))]
}

/** Undefined when its time comes only after it expires. */
export function toStart(
  { startsFrom }: Pick<Standing, 'startsFrom'>,
  { request }: Proposal,
  sayInstant: SayInstant,
): string | undefined {
  return startsFrom < request.expiresAt ? sayInstant(startsFrom) : undefined
}

function sayWaiting(from: string | undefined, { last }: Runs, language: Language): string {
  const { states } = WORDS[language]
  if (last?.type !== 'refused') return from === undefined ? states.waitingInVain : states.waiting(from)
  const { answer } = last.body
  return from === undefined ? sayAnswer(answer, language) : states.again(findAnswerWords(answer, language).says, from)
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
  const { answer: compose, doneBy } = WORDS[language]
  return compose(findAnswerWords(answer, language), answer.detail, doneBy[lookUp(answer.code, answer.status).who])
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
