import { describe, expect, test } from 'vitest'
import type { AskEntry } from '#core/asks.ts'
import type { Next, RunEntry } from '#core/runs.ts'
import { sayAsk, sayRun, type TimelineLine } from '#core/say-event.ts'
import {
  approved,
  accepted,
  aProposal,
  attempted,
  cancelled,
  denied,
  NOW,
  someAsks,
  someRuns,
  stopped,
} from '#support/samples.ts'

const PROPOSAL = aProposal()
const DRY_RUN = aProposal({ request: { dryRun: true } })
const NONE: Next = { do: 'none' }

function ofAsk(entry: AskEntry): TimelineLine | undefined {
  return someAsks(PROPOSAL, [entry]).events.map((event) => sayAsk(event))[1]
}

function ofRun(entry: RunEntry): string | undefined {
  return someRuns(PROPOSAL, [entry]).events.map((event) => sayRun(event))[0]?.what
}

describe('sayAsk', () => {
  test('says who asked, when and why', () => {
    expect(someAsks(PROPOSAL).events.map((event) => sayAsk(event))).toEqual([
      { at: NOW, who: 'alice', what: 'asked for a start: “The weekly report is due”.' },
    ])
  })

  test('says of a dry run that it is one', () => {
    expect(someAsks(DRY_RUN).events.map((event) => sayAsk(event).what)).toEqual([
      'asked for a dry run: “The weekly report is due”.',
    ])
  })

  test.each<[AskEntry, string, string]>([
    [approved(PROPOSAL, 'bob'), 'bob', 'approved it.'],
    [denied(PROPOSAL, 'bob'), 'bob', 'denied it: “Not today”.'],
    [cancelled('alice'), 'alice', 'cancelled it.'],
    [{ type: 'cancelled', body: { by: 'alice', reason: 'Done by hand' } }, 'the gate', 'cancelled it: “Done by hand”.'],
    [{ type: 'denied', body: { approver: 'bob', chat: 'slack:T1/UBOB' } }, 'the gate', 'denied it in Slack.'],
    [
      { type: 'cancelled', body: { by: 'alice', chat: 'dingtalk:ding1/alice', reason: 'Done by hand' } },
      'the gate',
      'cancelled it in DingTalk: “Done by hand”.',
    ],
    [stopped(), 'the gate', 'made sure that nothing was under way.'],
    [
      {
        type: 'posted',
        body: { upto: { asks: 1, runs: 0 }, state: 'ready', to: { log: 'delivered', 'ops-room': 'gave_up' } },
      },
      'the gate',
      'sent word to log (delivered), ops-room (gave up).',
    ],
    [
      {
        type: 'posted',
        body: {
          upto: { asks: 1, runs: 0 },
          state: 'pending',
          to: {
            log: 'delivered',
            'slack/group/C1': 'C1:17.1',
            'slack/person/U1': 'U1:17.2',
            'slack/person/U1#reminder': 'U1:17.3',
            'slack/person/U2': 'gave_up',
          },
        },
      },
      'the gate',
      'sent word to log (delivered), Slack × 3 (delivered), Slack (gave up).',
    ],
  ])('%#', (entry, who, what) => {
    expect(ofAsk(entry)).toMatchObject({ who, what })
  })

  test('repeats the reason of an approval, and never its token', () => {
    const yes = approved(PROPOSAL, 'bob')
    const entry = { ...yes, body: { ...yes.body, reason: 'Go ahead' } } as AskEntry

    expect(ofAsk(entry)?.what).toBe('approved it: “Go ahead”.')
  })
})

describe('sayRun', () => {
  test.each<[RunEntry, string]>([
    [attempted(PROPOSAL), 'set out to call StartInstance.'],
    [attempted(DRY_RUN), 'set out to call StartInstance as a dry run.'],
    [accepted(), 'heard from ECS that StartInstance is accepted (request 473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E).'],
    [
      { type: 'refused', body: { answer: { code: 'DiskError', status: 403 }, next: NONE } },
      'recorded a refusal (DiskError). A disk of the instance is in a state that keeps it from starting.',
    ],
    [
      { type: 'unclear', body: { answer: { code: 'InternalError', status: 500 }, next: { do: 'look' } } },
      'got no clear answer (InternalError) and looks at the instance.',
    ],
    [
      { type: 'stood_down', body: { why: 'too_slow', next: NONE } },
      'stood down and sent nothing: it had taken too long.',
    ],
    [{ type: 'running', body: { inferred: false, status: 'Running', next: NONE } }, 'saw the instance Running.'],
    [
      { type: 'running', body: { inferred: true, status: 'Starting', next: NONE } },
      'got no clear answer, but saw the instance Starting.',
    ],
    [
      { type: 'failed', body: { answer: { code: 'FellBack' }, next: NONE } },
      'recorded that the start failed. ECS accepted the start, but the instance is Stopped again. See its events and its system log in the ECS console, then ask again. Whoever manages the instance can do this.',
    ],
    [
      { type: 'stuck', body: { answer: { code: 'NotSeen' }, next: NONE } },
      'cannot say what became of the start. A start may have been sent, but the instance was not seen running in 30 minutes. Look at it in the ECS console, and ask again if it does not run. Whoever manages the instance can do this.',
    ],
    [{ type: 'satisfied', body: { status: 'Running', next: NONE } }, 'saw that the instance was Running already.'],
  ])('%#', (entry, what) => {
    expect(ofRun(entry)).toBe(what)
  })

  test('it is the starter that does it', () => {
    expect(someRuns(PROPOSAL, [accepted(NOW + 5)]).events.map((event) => sayRun(event))).toMatchObject([
      { at: NOW + 5, who: 'the starter' },
    ])
  })
})
