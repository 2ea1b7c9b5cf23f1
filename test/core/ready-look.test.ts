import { describe, expect, test } from 'vitest'
import { DAY } from '#core/durations.ts'
import type { Proposal } from '#core/proposal.ts'
import { judgeLook, type Look, type Readiness } from '#core/ready.ts'
import { aLook, aPolicy, aProposal, aRule, aVote, EXPIRES, NOW, type Change, type RuleDraft } from '#support/samples.ts'
import { never, NOT_YET, question, votesOf, type Case } from './ready-question.ts'

function look(change: Partial<Look> = {}, { proposal = aProposal(), ...rest }: Case = {}): Readiness {
  return judgeLook(question({ proposal, ...rest }), proposal, aLook(change))
}

function underRule(rule: RuleDraft, request: Change<Proposal['request']> = {}, holders = ['bob'] as const): Readiness {
  const proposal = aProposal({ request })
  const policy = aPolicy({ rules: [aRule(rule)] })
  return look({}, { proposal, policy, votes: votesOf(proposal, ...holders) })
}

describe('judgeLook, at the instance', () => {
  test('is ready when it is stopped and nothing has changed', () => {
    expect(look()).toEqual({ ready: 'yes' })
  })

  test('an instance that is not shown ends it', () => {
    expect(judgeLook(question(), aProposal(), undefined)).toEqual(never('InstanceNotFound'))
  })

  test.each<[Partial<Look>, string]>([
    [{ accountId: '9999999999999999' }, 'account'],
    [{ regionId: 'cn-beijing' }, 'region'],
    [{ instanceId: 'i-other' }, 'instance id'],
    [{ type: 'ecs.g7.8xlarge' }, 'type'],
    [{ zone: 'cn-hangzhou-k' }, 'zone'],
    [{ imageId: 'another' }, 'image'],
    [{ chargeType: 'PrePaid' }, 'charge type'],
    [{ tags: { team: 'web' } }, 'tag team'],
    [{ tags: {} }, 'tag team'],
    [{ type: 'ecs.g7.8xlarge', zone: 'cn-hangzhou-k' }, 'type, zone'],
  ])('%o is not what the approvers saw', (change, detail) => {
    expect(look(change)).toEqual(never('InstanceChanged', detail))
  })

  test.each<Partial<Look>>([
    { name: 'renamed' },
    { stoppedMode: 'StopCharging' },
    { tags: { team: 'data', note: 'new' } },
  ])('%o may change', (change) => {
    expect(look(change)).toEqual({ ready: 'yes' })
  })

  test('a tag that any rule names counts, whichever rule applies', () => {
    const policy = aPolicy({
      rules: [
        aRule(),
        aRule({ name: 'other', requesters: ['bob'], approvers: ['carol'], instances: { tags: { note: 'x' } } }),
      ],
    })

    expect(look({ tags: { team: 'data', note: 'x' } }, { policy })).toEqual(never('InstanceChanged', 'tag note'))
  })

  test('any lock keeps it from being started', () => {
    expect(look({ locks: ['financial', 'unheard-of'] })).toEqual(never('InstanceLocked', 'financial, unheard-of'))
  })

  test.each([
    ['Stopping', NOT_YET('stopping')],
    ['Pending', NOT_YET('pending')],
    ['Unheard', NOT_YET('pending')],
    ['Starting', { ready: 'satisfied', status: 'Starting' }],
    ['Running', { ready: 'satisfied', status: 'Running' }],
  ])('%s: %o', (status, readiness) => {
    expect(look({ status })).toEqual(readiness)
  })

  test.each(['Starting', 'Running'])('%s satisfies nobody who wanted the disks wiped', (status) => {
    const proposal = aProposal({ request: { initLocalDisk: true } })
    const policy = aPolicy({ rules: [aRule({ mayInitLocalDisk: true })] })

    expect(look({ status }, { proposal, policy, votes: votesOf(proposal, 'bob', 'carol') })).toEqual(
      never('AlreadyRunning', status),
    )
  })

  test.each(['Starting', 'Running', 'Stopped'])('a dry run does not mind that it is %s', (status) => {
    expect(look({ status }, { proposal: aProposal({ request: { dryRun: true } }) })).toEqual({ ready: 'yes' })
  })
})

describe('judgeLook, by today’s rule', () => {
  test.each<[string, RuleDraft]>([
    ['the requester is not named any more', { requesters: ['deploy-bot'], machinesAlone: 'one approval is enough' }],
    ['the region is not named any more', { instances: { regions: ['cn-beijing'] } }],
    ['the account is not named any more', { instances: { accounts: ['9999999999999999'] } }],
    ['the instance is not named any more', { instances: { ids: ['i-other'] } }],
  ])('nothing starts when %s', (_what, rule) => {
    expect(underRule(rule)).toEqual(never('PolicyChanged', 'no rule allows it'))
  })

  test.each<[string, RuleDraft]>([
    ['more approvals are asked for', { approvals: 2 }],
    ['the approver is not one any more', { approvers: ['carol', 'erin'] }],
  ])('nothing starts when %s', (_what, rule) => {
    expect(underRule(rule)).toEqual(never('PolicyChanged', 'rule workers asks for other or more approvals'))
  })

  test('a page is not enough when a tool of one’s own is asked for', () => {
    const votes = [aVote(aProposal(), 'bob', { tool: 'page' })]

    expect(look({}, { votes, policy: aPolicy({ rules: [aRule({ tool: 'own-tool' })] }) })).toEqual(
      never('PolicyChanged', 'rule workers asks for other or more approvals'),
    )
  })

  test('disks are wiped only where the rule allows it, and by two', () => {
    const wipe = { initLocalDisk: true }

    expect(underRule({}, wipe)).toEqual(never('PolicyChanged', 'rule workers does not allow initLocalDisk'))
    expect(underRule({ mayInitLocalDisk: true }, wipe)).toEqual(
      never('PolicyChanged', 'rule workers asks for other or more approvals'),
    )
  })

  test('wiping asks for a tool of one’s own, whatever the gate wrote into the proposal', () => {
    const proposal = aProposal({ request: { initLocalDisk: true } })
    const policy = aPolicy({ rules: [aRule({ mayInitLocalDisk: true })] })
    const paged = [aVote(proposal, 'bob', { tool: 'page' }), aVote(proposal, 'carol', { tool: 'page' })]

    expect(look({}, { proposal, policy, votes: paged })).toMatchObject({ answer: { code: 'PolicyChanged' } })
    expect(look({}, { proposal, policy, votes: votesOf(proposal, 'bob', 'carol') })).toEqual({ ready: 'yes' })
  })

  test('it may be valid exactly as long as the rule says', () => {
    const detail = 'valid for longer than rule workers allows'

    expect(underRule({}, { expiresAt: EXPIRES })).toEqual({ ready: 'yes' })
    expect(underRule({}, { expiresAt: EXPIRES + 1 })).toEqual(never('OutOfBounds', detail))
  })

  test('that time counts from when it may start, where that is later', () => {
    const notBefore = NOW + DAY
    const detail = 'valid for longer than rule workers allows'

    expect(underRule({}, { notBefore, expiresAt: EXPIRES + DAY })).toEqual({ ready: 'yes' })
    expect(underRule({}, { notBefore, expiresAt: EXPIRES + DAY + 1 })).toEqual(never('OutOfBounds', detail))
    expect(underRule({}, { notBefore: NOW - DAY, expiresAt: EXPIRES })).toEqual({ ready: 'yes' })
  })

  test('it may be asked for at most seven days ahead', () => {
    expect(underRule({}, { notBefore: NOW + 7 * DAY })).toEqual({ ready: 'yes' })
    expect(underRule({}, { notBefore: NOW + 7 * DAY + 1, expiresAt: NOW + 7 * DAY + 2 })).toEqual(
      never('OutOfBounds', 'notBefore is too far ahead'),
    )
  })

  test('what approvers did not see comes before what the rule says, and that before the state', () => {
    const policy = aPolicy({ rules: [aRule({ approvals: 2 })] })

    expect(look({ type: 'other', locks: ['security'] }, { policy })).toMatchObject({
      answer: { code: 'InstanceChanged' },
    })
    expect(look({ locks: ['security'], status: 'Running' }, { policy })).toMatchObject({
      answer: { code: 'PolicyChanged' },
    })
    expect(look({ locks: ['security'], status: 'Running' })).toMatchObject({ answer: { code: 'InstanceLocked' } })
  })
})

describe('judgeLook, at who is behind the request', () => {
  const by = (
    requester: Proposal['request']['requester'],
    change: Readonly<Record<string, unknown>> = {},
  ): Readiness => {
    const proposal = aProposal({ request: { requester } })
    return look({}, { proposal, policy: aPolicy(change), votes: votesOf(proposal, 'bob', 'carol') })
  }

  test('a schedule acts for its owner, whatever the gate wrote', () => {
    expect(by({ principal: 'nightly', via: 'timer', onBehalfOf: 'alice' })).toEqual({ ready: 'yes' })
    const answer = never('PolicyChanged', 'nightly acts for another')
    expect(by({ principal: 'nightly', via: 'timer' })).toEqual(answer)
    expect(by({ principal: 'nightly', via: 'timer', onBehalfOf: 'carol' })).toEqual(answer)
  })

  test('a machine acts for those it is trusted with', () => {
    const machines = { 'deploy-bot': { mayActFor: ['alice'] } }
    expect(by({ principal: 'deploy-bot', via: 'api', onBehalfOf: 'alice' }, { machines })).toEqual({ ready: 'yes' })
    expect(by({ principal: 'deploy-bot', via: 'api', onBehalfOf: 'dave' }, { machines })).toEqual(
      never('PolicyChanged', 'deploy-bot acts for another'),
    )
  })

  test('a person acts for nobody', () => {
    expect(by({ principal: 'alice', via: 'api', onBehalfOf: 'dave' })).toEqual(
      never('PolicyChanged', 'alice acts for another'),
    )
  })
})
