import { describe, expect, test } from 'vitest'
import { parseAsks, type AskEntry } from '#core/asks.ts'
import { DURATIONS, HOUR, MINUTE } from '#core/durations.ts'
import { digestProposal, sayProposal, type Proposal } from '#core/proposal.ts'
import type { RunEntry } from '#core/runs.ts'
import { foldStanding, type Standing } from '#core/standing.ts'
import { createView, listFacts, listWarnings, type View } from '#core/view.ts'
import {
  ACCOUNT,
  accepted,
  approved,
  aProposal,
  attempted,
  denied,
  EXPIRES,
  INSTANCE,
  NOW,
  someAsks,
  someRuns,
  stopped,
  type Change,
} from '#support/samples.ts'

const PROPOSAL = aProposal()

function view(asks: readonly AskEntry[] = [], runs: readonly RunEntry[] = [], proposal = PROPOSAL): View {
  const [ask, run] = [someAsks(proposal, asks), someRuns(proposal, runs)]
  return createView(ask, run, foldStanding(ask, run, NOW + MINUTE, DURATIONS))
}

function warningsOf(change: Change<Proposal>): readonly string[] {
  return listWarnings(aProposal(change)).map(({ key }) => key)
}

describe('createView', () => {
  test('says what an approver needs: how it stands, what exactly is signed, and who may sign', () => {
    expect(view()).toMatchObject({
      id: PROPOSAL.request.id,
      state: 'pending',
      final: false,
      headline: 'Waiting for 1 more approval from bob, carol, erin.',
      says: sayProposal(PROPOSAL),
      digest: digestProposal(PROPOSAL),
      approvals: { needed: 1, by: [], open: ['bob', 'carol', 'erin'], groups: [] },
      warnings: [],
      heads: { asks: { n: 1 }, runs: { n: 0, hash: '' } },
    })
  })

  test('says every time as it is told to', () => {
    const proposal = aProposal({ request: { notBefore: NOW + HOUR } })
    const [asks, runs] = [someAsks(proposal, []), someRuns(proposal, [])]
    const sayInstant = (at: number): string => `T+${(at - NOW) / MINUTE}`
    const say = (standing: Partial<Standing>): View =>
      createView(asks, runs, { ...foldStanding(asks, runs, NOW, DURATIONS), ...standing }, 'en', sayInstant)
    const { facts, warnings } = say({ startsFrom: NOW + 90 * MINUTE })

    expect(facts).toContainEqual({ key: 'not_before', label: 'Not before', value: 'T+60' })
    expect(facts).toContainEqual({ key: 'expires', label: 'Valid until', value: 'T+120' })
    expect(warnings.map(({ text }) => text)).toEqual(['The rule’s hours allow no start before T+90.'])
    expect(say({ state: 'waiting', startsFrom: NOW + HOUR }).headline).toBe('Approved; it will be started at T+60.')
  })

  test('names each approver once, and those who have not approved yet', () => {
    const yes = approved(PROPOSAL, 'carol')

    expect(view([yes, yes]).approvals).toEqual({ needed: 1, by: ['carol'], open: ['bob', 'erin'], groups: [] })
  })

  test('names the groups that have not said yes', () => {
    const leads = { group: 'leads', approvers: ['bob'] }
    const finance = { group: 'finance', approvers: ['carol'] }
    const proposal = aProposal({ rule: { approvals: 2, oneOfEach: [leads, finance] } })

    expect(view([], [], proposal).approvals.groups).toEqual([leads, finance])
    expect(view([approved(proposal, 'bob')], [], proposal).approvals.groups).toEqual([finance])
    expect(view([approved(proposal, 'bob'), approved(proposal, 'carol')], [], proposal).approvals.groups).toEqual([])
  })

  test('tells both books as one story, by the time', () => {
    const story = view([approved(PROPOSAL, 'bob', NOW + 5)], [attempted(PROPOSAL, NOW + 3), accepted(NOW + 7)])

    expect(story.timeline.map(({ at, who }) => [at - NOW, who])).toEqual([
      [0, 'alice'],
      [3, 'the starter'],
      [5, 'bob'],
      [7, 'the starter'],
    ])
  })

  test('an end that waits to be confirmed is told once, when it is', () => {
    const end = (next: 'confirm' | 'none'): RunEntry => ({
      type: 'satisfied',
      body: { status: 'Running', next: { do: next } },
    })

    expect(view([], [end('confirm')]).timeline).toHaveLength(1)
    expect(view([], [end('confirm'), end('none')]).timeline).toHaveLength(2)
  })

  test('warns when something in it cannot be relied on', () => {
    const asks = parseAsks([...someAsks(PROPOSAL).rows, ...someAsks(PROPOSAL).rows])
    const runs = someRuns(PROPOSAL, [])

    expect(createView(asks, runs, foldStanding(asks, runs, NOW, DURATIONS)).warnings).toEqual([
      {
        key: 'unreadable',
        text: 'Entry 2 of this request cannot be relied on (the chain of hashes is broken here); nothing will be started on it.',
      },
    ])
  })

  test('warns of what a start costs or destroys until it is over', () => {
    const proposal = aProposal({ instance: { stoppedMode: 'StopCharging' } })
    const keysAfter = (asks: readonly AskEntry[]): readonly string[] =>
      view(asks, [], proposal).warnings.map(({ key }) => key)

    expect(keysAfter([])).toEqual(['economical_mode'])
    expect(keysAfter([denied(proposal, 'bob'), stopped()])).toEqual([])
  })

  test.each<[string, Pick<Standing, 'state' | 'startsFrom'>, string | undefined]>([
    ['any time', { state: 'pending', startsFrom: 0 }, undefined],
    ['what it asked for itself', { state: 'pending', startsFrom: NOW + MINUTE }, undefined],
    [
      'the end of a freeze',
      { state: 'pending', startsFrom: NOW + HOUR },
      'The rule’s hours allow no start before 2026-11-23 10:00:00 UTC.',
    ],
    [
      'a time that it does not live to see',
      { state: 'pending', startsFrom: EXPIRES },
      'The rule’s hours allow no start before this request expires: a yes would start nothing.',
    ],
    ['a time that its headline says already', { state: 'waiting', startsFrom: NOW + HOUR }, undefined],
  ])('whoever may say yes learns that it starts only at another time: %s', (_, standing, text) => {
    const proposal = aProposal({ request: { notBefore: NOW + MINUTE } })
    const [asks, runs] = [someAsks(proposal), someRuns(proposal, [])]
    const folded = foldStanding(asks, runs, NOW, DURATIONS)

    expect(createView(asks, runs, { ...folded, ...standing }).warnings).toEqual(
      text === undefined ? [] : [{ key: 'closed_now', text }],
    )
  })

  test.each([{ proposal: undefined }, { digest: undefined }])('without a request there is no view: %o', (change) => {
    const [asks, runs] = [someAsks(PROPOSAL), someRuns(PROPOSAL, [])]
    const standing = foldStanding(asks, runs, NOW, DURATIONS)

    expect(() => createView({ ...asks, ...change }, runs, standing)).toThrow(
      new TypeError('a stream without a request has no view'),
    )
  })
})

describe('listFacts', () => {
  const factsOf = (change: Change<Proposal> = {}): Readonly<Record<string, string>> =>
    Object.fromEntries(listFacts(aProposal(change)).map(({ key, value }) => [key, value]))

  test('lists the instance, the request and the rule', () => {
    expect(factsOf()).toEqual({
      instance: INSTANCE,
      name: 'worker-1',
      where: `cn-hangzhou-h, cn-hangzhou, account ${ACCOUNT}`,
      type: 'ecs.g7.large',
      charge: 'pay-as-you-go (PostPaid)',
      status: 'Stopped, still charged (KeepCharging)',
      requester: 'alice',
      via: 'the API',
      reason: 'The weekly report is due',
      rule: 'workers: 1 of bob, carol, erin',
      expires: '2026-11-23 11:00:00 UTC',
    })
  })

  test('an instance without a name has none', () => {
    expect(factsOf({ instance: { name: '' } })).not.toHaveProperty('name')
  })

  test.each<[Change<Proposal>, object]>([
    [{ request: { notBefore: EXPIRES } }, { not_before: '2026-11-23 11:00:00 UTC' }],
    [{ request: { dryRun: true } }, { dry_run: 'yes: nothing is started' }],
    [
      {
        rule: {
          approvals: 2,
          oneOfEach: [
            { group: 'leads', approvers: ['bob', 'erin'] },
            { group: 'finance', approvers: ['carol'] },
          ],
        },
      },
      { rule: 'workers: 2 of bob, carol, erin, with one of leads (bob, erin) and one of finance (carol)' },
    ],
    [{ rule: { tool: 'own-tool' } }, { rule: 'workers: 1 of bob, carol, erin, one with a tool of one’s own' }],
    [
      { request: { requester: { principal: 'deploy-bot', onBehalfOf: 'alice' } } },
      { requester: 'deploy-bot on behalf of alice' },
    ],
  ])('%o', (change, facts) => {
    expect(factsOf(change)).toMatchObject(facts)
  })

  test('each has a label', () => {
    expect(listFacts(PROPOSAL).every(({ label }) => /^[A-Z][a-z ]+$/.test(label))).toBe(true)
  })
})

describe('listWarnings', () => {
  test.each<[Change<Proposal>, readonly string[]]>([
    [{}, []],
    [{ request: { initLocalDisk: true } }, ['init_local_disk']],
    [{ instance: { stoppedMode: 'StopCharging' } }, ['economical_mode']],
    [{ instance: { chargeType: 'SpotWithPriceLimit' } }, ['spot']],
    [{ instance: { chargeType: 'SpotAsPriceGo' } }, ['spot']],
    [{ instance: { status: 'Running' } }, ['running_now']],
    [{ instance: { status: 'Starting' } }, ['running_now']],
    [{ instance: { status: 'Stopping' } }, ['not_stopped']],
    [{ instance: { status: 'Pending' } }, ['not_stopped']],
    [
      { request: { initLocalDisk: true }, instance: { stoppedMode: 'StopCharging', status: 'Stopping' } },
      ['init_local_disk', 'economical_mode', 'not_stopped'],
    ],
  ])('%o: %j', (change, keys) => {
    expect(warningsOf(change)).toEqual(keys)
  })

  test('say what could be lost, with the state as it was', () => {
    expect(listWarnings(aProposal({ request: { initLocalDisk: true }, instance: { status: 'Stopping' } }))).toEqual([
      { key: 'init_local_disk', text: 'All data on the local disks of this instance will be destroyed.' },
      { key: 'not_stopped', text: 'It was Stopping when this was asked: the start waits until it is stopped.' },
    ])
  })
})
