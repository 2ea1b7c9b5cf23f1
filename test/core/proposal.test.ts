import { describe, expect, test } from 'vitest'
import { digestProposal, proposalSchema, sayProposal, type Proposal } from '#core/proposal.ts'
import { ACCOUNT, AUDIENCE, aProposal, INSTANCE, NOW, REQUEST, type Change } from '#support/samples.ts'
import { changeEachLeaf } from '#support/leaves.ts'

const PROPOSAL = aProposal({
  request: { notBefore: NOW + 1000, requester: { principal: 'deploy-bot', via: 'webhook', onBehalfOf: 'alice' } },
})

describe('digestProposal', () => {
  test('changes with every single field, and with none of the others', () => {
    const changed = changeEachLeaf(PROPOSAL)
    const digests = new Set(changed.map(({ value }) => digestProposal(value as Proposal)))

    expect(changed.map(({ path }) => path)).toContain('request.requester.onBehalfOf')
    expect(changed.length).toBeGreaterThan(30)
    expect(digests.size).toBe(changed.length)
    expect(digests).not.toContain(digestProposal(PROPOSAL))
  })

  test('does not depend on the order of names', () => {
    const { rule, ...rest } = PROPOSAL

    expect(digestProposal({ rule, ...rest })).toBe(digestProposal(PROPOSAL))
  })

  test('depends on the order of approvers and on whether a field is there', () => {
    const turned = aProposal({ rule: { approvers: ['carol', 'bob', 'erin'] } })
    const behind = aProposal({ request: { requester: { onBehalfOf: 'carol' } } })
    const digests = [aProposal(), turned, behind].map(digestProposal)

    expect(new Set(digests).size).toBe(3)
  })

  test('stays what it is: a proposal that was signed must be found again by every later version', () => {
    expect(digestProposal(aProposal())).toBe('a1da9af5c0d1dfbe3bae579a315dfbbaeab886bd191f555ed8d6bcee2bd4286c')
  })
})

describe('sayProposal', () => {
  test('is one line with everything that the call does', () => {
    expect(sayProposal(aProposal())).toBe(
      `start ${INSTANCE} in cn-hangzhou of account ${ACCOUNT}, wipe local disks: no, ` +
        'valid until 2026-11-23 11:00:00 UTC, by rule workers, asked by alice, ' +
        `for ${REQUEST} at ${AUDIENCE}`,
    )
  })

  test.each<[string, Change<Proposal['request']>, string]>([
    ['a dry run', { dryRun: true }, `dry-run the start of ${INSTANCE} in`],
    ['wiping', { initLocalDisk: true }, 'wipe local disks: YES,'],
    ['a later start', { notBefore: NOW + 1000 }, ', not before 2026-11-23 09:00:01 UTC, valid until'],
    [
      'whom a machine asks for',
      { requester: { principal: 'deploy-bot', onBehalfOf: 'alice' } },
      'asked by deploy-bot on behalf of alice,',
    ],
  ])('shows %s', (_what, request, part) => {
    expect(sayProposal(aProposal({ request }))).toContain(part)
  })

  test('holds no text that somebody else chose', () => {
    const lure = 'APPROVE-ME'
    const text = sayProposal(
      aProposal({ request: { reason: lure }, instance: { name: lure, imageId: lure, tags: { team: lure } } }),
    )

    expect(text).toBe(sayProposal(aProposal()))
  })
})

describe('proposalSchema', () => {
  test('takes the sample and a full one', () => {
    expect(proposalSchema.parse(aProposal())).toEqual(aProposal())
    expect(proposalSchema.parse(PROPOSAL)).toEqual(PROPOSAL)
  })

  test.each<[string, unknown]>([
    ['another version', { ...PROPOSAL, v: 2 }],
    ['another action', { ...PROPOSAL, action: 'ecs:StopInstance' }],
    ['an unknown field', { ...PROPOSAL, force: true }],
    ['an unknown field in the request', { ...PROPOSAL, request: { ...PROPOSAL.request, force: true } }],
    ['an unknown field in the instance', { ...PROPOSAL, instance: { ...PROPOSAL.instance, cpu: 4 } }],
    ['an unknown field in the rule', { ...PROPOSAL, rule: { ...PROPOSAL.rule, force: true } }],
    ['a digest in upper case', { ...PROPOSAL, policy: 'A'.repeat(64) }],
    ['no approvals', aProposal({ rule: { approvals: 0 } })],
    ['nobody to approve', aProposal({ rule: { approvers: [] } })],
    ['a reason in two lines', aProposal({ request: { reason: 'one\ntwo' } })],
    ['a time that is no integer', aProposal({ request: { createdAt: NOW + 0.5 } })],
    ['no word on notBefore', { ...PROPOSAL, request: { ...PROPOSAL.request, notBefore: undefined } }],
    [
      'an unknown way to ask',
      { ...PROPOSAL, request: { ...PROPOSAL.request, requester: { principal: 'alice', via: 'fax' } } },
    ],
  ])('refuses %s', (_what, value) => {
    expect(proposalSchema.safeParse(value).success).toBe(false)
  })
})
