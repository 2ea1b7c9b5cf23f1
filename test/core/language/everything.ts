// Everything that people may read about a request, said in one language: each sentence under a name of its own.
import { parseAsks, type AskEntry, type AskType } from '#core/asks.ts'
import { CATALOGUE } from '#core/catalogue.ts'
import { DURATIONS, HOUR } from '#core/durations.ts'
import type { Language } from '#core/language/language.ts'
import { WORDS } from '#core/language/tables.ts'
import { toFaultProblem, toProblem, type Problem } from '#core/problem.ts'
import type { Proposal } from '#core/proposal.ts'
import type { Refusal } from '#core/refusal.ts'
import type { Next, RunEntry, RunType } from '#core/runs.ts'
import { sayAsk, sayRun } from '#core/say-event.ts'
import { sayAnswer, sayState } from '#core/say-state.ts'
import { foldStanding, type Standing, type State } from '#core/standing.ts'
import { createView, listFacts, listWarnings, type View, type WarningKey } from '#core/view.ts'
import {
  accepted,
  approved,
  approvedOnPage,
  aProposal,
  attempted,
  cancelled,
  denied,
  EXPIRES,
  NOW,
  someAsks,
  someRuns,
  stopped,
} from '#support/samples.ts'

export type Sentences = Readonly<Record<string, string>>

const NONE: Next = { do: 'none' }
const ODD_STATUS = 'Hibernating7'
const PROPOSAL = aProposal()
export const DEMANDING = aProposal({
  request: {
    notBefore: NOW + HOUR,
    dryRun: true,
    initLocalDisk: true,
    requester: { principal: 'deploy-bot', onBehalfOf: 'alice', via: 'webhook' },
  },
  instance: { status: 'Running', stoppedMode: 'StopCharging', chargeType: 'PostPaid SpotWithPriceLimit' },
  rule: {
    approvals: 2,
    tool: 'own-tool',
    oneOfEach: [
      { group: 'leads', approvers: ['bob', 'erin'] },
      { group: 'finance', approvers: ['carol'] },
    ],
  },
})
const ODD = aProposal({
  request: { requester: { principal: 'nightly', via: 'timer' } },
  instance: { status: ODD_STATUS, stoppedMode: 'Cold9', chargeType: 'Free1' },
})

const ASKED: Readonly<Record<AskType, readonly AskEntry[]>> = {
  requested: [],
  approved: [approved(PROPOSAL, 'bob'), withReason(approved(PROPOSAL, 'bob'))],
  denied: [denied(PROPOSAL, 'bob'), { type: 'denied', body: { approver: 'bob', chat: 'slack:T1/UBOB' } }],
  cancelled: [
    cancelled('alice'),
    withReason(cancelled('alice')),
    { type: 'cancelled', body: { by: 'alice', chat: 'dingtalk:ding1/alice' } },
  ],
  stopped: [stopped()],
  posted: [
    {
      type: 'posted',
      body: {
        upto: { asks: 1, runs: 0 },
        state: 'ready',
        to: { log: 'delivered', 'ops-room': 'gave_up', desk7: 'how8' },
      },
    },
  ],
}

const answer = { code: 'InstanceChanged', detail: 'type, zone' }
export const RUN: Readonly<Record<RunType, readonly RunEntry[]>> = {
  attempted: [attempted(PROPOSAL), attempted(DEMANDING)],
  accepted: [accepted()],
  refused: [{ type: 'refused', body: { answer, next: { do: 'again', at: NOW } } }],
  unclear: [{ type: 'unclear', body: { answer, next: NONE } }],
  stood_down: (['stopped', 'too_slow', 'unreadable'] as const).map((why) => ({
    type: 'stood_down',
    body: { why, next: NONE },
  })),
  running: [true, false].map((inferred) => ({ type: 'running', body: { inferred, status: 'Running', next: NONE } })),
  failed: [{ type: 'failed', body: { answer, next: NONE } }],
  satisfied: [{ type: 'satisfied', body: { status: ODD_STATUS, next: NONE } }],
  stuck: [{ type: 'stuck', body: { answer, next: NONE } }],
}

interface Case {
  readonly proposal?: Proposal
  readonly startsFrom?: number
  readonly asks?: readonly AskEntry[]
  readonly runs?: readonly RunEntry[]
}

const OWN = aProposal({ rule: { tool: 'own-tool' } })
const YES = [approved(DEMANDING, 'bob'), approved(DEMANDING, 'erin')]
const STATES: Readonly<Record<State, readonly Case[]>> = {
  pending: [
    {},
    { proposal: aProposal({ rule: { approvals: 3 } }) },
    { proposal: DEMANDING },
    { proposal: DEMANDING, asks: YES },
    { proposal: DEMANDING, asks: [approvedOnPage(DEMANDING, 'bob')] },
    { proposal: OWN, asks: [approvedOnPage(OWN, 'bob')] },
  ],
  ready: [{}],
  waiting: [{ startsFrom: NOW }, { startsFrom: NOW, runs: RUN.refused }, { startsFrom: EXPIRES }],
  expiring: [{}],
  stopping: [{}],
  starting: [{}, { runs: RUN.accepted }],
  running: [{}, { runs: RUN.running.slice(0, 1) }],
  satisfied: [{}],
  dry_run_passed: [{}],
  failed: [{}, { runs: RUN.failed }],
  stuck: [{ runs: RUN.stuck }],
  denied: [{}, { asks: [denied(PROPOSAL, 'bob')] }],
  cancelled: [{}, { asks: ASKED.cancelled.slice(0, 1) }, { asks: ASKED.cancelled.slice(1, 2) }],
  expired: [{}],
}

export const REFUSALS: { readonly [Reason in Refusal['reason']]: readonly Extract<Refusal, { reason: Reason }>[] } = {
  unauthenticated: [{ reason: 'unauthenticated', flaw: 'signature' }],
  malformed: [
    {
      reason: 'malformed',
      problems: [1, 2, 3, 4].map((n) => ({ path: `member-${n}`, message: 'is missing' })),
    },
  ],
  too_large: [{ reason: 'too_large', limit: 65_536 }],
  key_reused: [{ reason: 'key_reused' }],
  not_available: [{ reason: 'not_available', instanceId: 'i-bp67', regionId: 'cn-hangzhou' }],
  already_running: [{ reason: 'already_running', instanceId: 'i-bp67', status: ODD_STATUS }],
  locked: [{ reason: 'locked', instanceId: 'i-bp67', lock: 'security7' }],
  instance_expired: [{ reason: 'instance_expired', instanceId: 'i-bp67' }],
  may_not_wipe: [{ reason: 'may_not_wipe', rule: 'workers-1' }],
  no_approver: [{ reason: 'no_approver', rule: 'workers-1' }],
  closed: [
    { reason: 'closed', rule: 'workers-1', opensAt: NOW },
    { reason: 'closed', rule: 'workers-1', opensAt: undefined },
  ],
  not_before_out_of_range: [{ reason: 'not_before_out_of_range' }],
  may_not_act_for: [{ reason: 'may_not_act_for', principal: 'deploy-bot-2' }],
  no_such_request: [{ reason: 'no_such_request' }],
  token_refused: [{ reason: 'token_refused', flaw: 'signature' }],
  reason_required: [{ reason: 'reason_required' }],
  already_final: [{ reason: 'already_final', state: 'denied' }],
  expiring: [{ reason: 'expiring' }],
  may_not_cancel: [{ reason: 'may_not_cancel' }],
  may_not_read: [{ reason: 'may_not_read' }],
  full: [{ reason: 'full' }],
  unreadable: [{ reason: 'unreadable' }],
  not_found: [{ reason: 'not_found' }],
  method_not_allowed: [{ reason: 'method_not_allowed' }],
}

const WARNED: Readonly<Record<WarningKey, (language: Language) => View['warnings']>> = {
  init_local_disk: (language) => listWarnings(DEMANDING, language),
  economical_mode: (language) => listWarnings(DEMANDING, language),
  spot: (language) => listWarnings(DEMANDING, language),
  running_now: (language) => listWarnings(DEMANDING, language),
  not_stopped: (language) => listWarnings(ODD, language),
  closed_now: (language) => [EXPIRES - 1, EXPIRES].flatMap((startsFrom) => viewAt({ startsFrom }, language).warnings),
  unreadable: (language) => viewOfBroken(language).warnings,
}

/** Of headlines, timeline, answers, problems and warnings: sentences through and through. */
export function saySentences(language: Language): Sentences {
  return {
    ...sayStates(language),
    ...sayEvents(language),
    ...sayAnswers(language),
    ...sayProblems(language),
    ...sayWarnings(language),
    ...number('flaw', Object.values(WORDS[language].flaws)),
    ...number(
      'label',
      [PROPOSAL, DEMANDING].flatMap((proposal) => listFacts(proposal, language).map(({ label }) => label)),
    ),
  }
}

/** The facts, of which some are words and some are ids, times or what a person wrote. */
export function sayFacts(language: Language): Sentences {
  const facts = [PROPOSAL, DEMANDING, ODD].map((proposal, n) =>
    listFacts(proposal, language).map(({ key, value }) => [`fact ${key} ${n}`, value] as const),
  )
  return Object.fromEntries(facts.flat())
}

function sayWarnings(language: Language): Sentences {
  const said = Object.entries(WARNED).map(([key, say]) => {
    const texts = say(language).flatMap((warning) => (warning.key === key ? [warning.text] : []))
    if (texts.length === 0) throw new Error(`nothing warns of ${key}`)
    return number(`warning ${key}`, texts)
  })
  return Object.assign({}, ...said) as Sentences
}

function sayStates(language: Language): Sentences {
  const said = Object.entries(STATES).map(([state, cases]) =>
    number(
      `state ${state}`,
      cases.map(({ proposal = PROPOSAL, startsFrom = 0, asks = [], runs = [] }) => {
        const standing = { state: state as State, startsFrom }
        return sayState(standing, proposal, someAsks(proposal, asks), someRuns(proposal, runs), language)
      }),
    ),
  )
  return Object.assign({}, ...said) as Sentences
}

function sayEvents(language: Language): Sentences {
  const asked = [...someAsks(PROPOSAL, Object.values(ASKED).flat()).events, ...someAsks(DEMANDING).events]
  const asks = asked.map((event) => sayAsk(event, language))
  const runs = someRuns(PROPOSAL, Object.values(RUN).flat()).events.map((event) => sayRun(event, language))
  const lines = [...asks, ...runs]
  return {
    ...number(
      'event',
      lines.map(({ what }) => what),
    ),
    ...number(
      'actor',
      lines.flatMap(({ who }) => (['alice', 'bob', 'deploy-bot'].includes(who) ? [] : [who])),
    ),
  }
}

function sayAnswers(language: Language): Sentences {
  const known = CATALOGUE.map(({ code, status }) => (status === undefined ? { code } : { code, status }))
  const answers = [...known, { code: 'Unheard.Code' }, { code: 'Unheard.Code', status: 500 }, answer]
  return number(
    'answer',
    answers.map((each) => sayAnswer(each, language)),
  )
}

function sayProblems(language: Language): Sentences {
  const faults = (['unavailable', 'fault'] as const).map((kind) => toFaultProblem(kind, 'call-7', language))
  const problems = [
    ...Object.values(REFUSALS)
      .flat()
      .map((refusal) => toProblem(refusal, language)),
    ...faults,
  ]
  const named = problems.flatMap(({ type, title, detail }: Problem, n) => [
    [`title ${n} ${type}`, title],
    [`detail ${n} ${type}`, detail],
  ])
  return Object.fromEntries(named) as Sentences
}

/** With every kind of row in both books. */
export function viewAt(standing: Partial<Standing>, language: Language): View {
  const asks = someAsks(DEMANDING, Object.values(ASKED).flat())
  const runs = someRuns(DEMANDING, Object.values(RUN).flat())
  const folded = foldStanding(someAsks(DEMANDING), someRuns(DEMANDING, []), NOW, DURATIONS)
  return createView(asks, runs, { ...folded, ...standing }, language)
}

function viewOfBroken(language: Language): View {
  const { rows } = someAsks(PROPOSAL)
  const [asks, runs] = [parseAsks([...rows, ...rows]), someRuns(PROPOSAL, [])]
  return createView(asks, runs, foldStanding(asks, runs, NOW, DURATIONS), language)
}

function withReason<Entry extends AskEntry>(entry: Entry): Entry {
  return { ...entry, body: { ...entry.body, reason: 'Because 42' } }
}

function number(name: string, sentences: readonly string[]): Sentences {
  return Object.fromEntries(sentences.map((sentence, n) => [`${name} ${n}`, sentence]))
}
