// Ways around a policy that its form does not show: an easier tag, one key in two hands, a name that means two secrets.
import { describe, expect, test } from 'vitest'
import { parsePolicy } from '#core/policy.ts'
import type { PolicyFault } from '#core/policy-lint.ts'
import { kidOf, publicJwk } from '#support/keys.ts'
import { aPolicyDocument, aRule, type RuleDraft } from '#support/samples.ts'

function lint(change: Readonly<Record<string, unknown>>): readonly PolicyFault[] {
  const parsed = parsePolicy(aPolicyDocument(change))
  return parsed.ok ? [] : parsed.faults
}

function lintRules(...rules: readonly RuleDraft[]): readonly PolicyFault[] {
  return lint({ rules: rules.map((rule) => aRule(rule)) })
}

describe('lintPolicy, ways around', () => {
  test('a rule that one more tag makes easier than another with tags', () => {
    const strict = { name: 'strict', instances: { tags: { team: 'a' } }, approvals: 2, approvers: ['bob', 'carol'] }
    const easy = {
      name: 'easy',
      instances: { tags: { team: 'a', easy: 'yes' } },
      approvals: 1,
      approvers: ['bob', 'carol'],
    }
    const requesters = ['alice']
    expect(lintRules({ ...easy, requesters }, { ...strict, requesters })).toMatchObject([
      { path: ['rules', '0'], cause: expect.stringContaining('strict') },
    ])
    const other = { ...strict, instances: { tags: { team: 'b' } } }
    expect(lintRules({ ...easy, requesters }, { ...other, requesters })).toEqual([])
  })

  test('the key of an approver as the webhook key of a machine', () => {
    const x = Buffer.from(publicJwk('bob')['x'] ?? '', 'base64url').toString('base64')
    const bot = { keys: [publicJwk('deploy-bot')], webhook: { v1a: [`whpk_${x}`] } }
    expect(lint({ machines: { 'deploy-bot': bot } })).toMatchObject([
      {
        path: ['machines', 'deploy-bot', 'webhook', 'v1a', '0'],
        cause: `the key ${kidOf('bob')} is written down twice, for bob and deploy-bot`,
      },
    ])
  })

  test('a machine may call and sign webhooks with one key', () => {
    const x = Buffer.from(publicJwk('deploy-bot')['x'] ?? '', 'base64url').toString('base64')
    const bot = { keys: [publicJwk('deploy-bot')], webhook: { v1a: [`whpk_${x}`] } }
    expect(lint({ machines: { 'deploy-bot': bot } })).toEqual([])
  })

  test('a name whose secret would be taken for the previous one of another', () => {
    const machines = { 'deploy-bot': {}, 'deploy-bot-previous': {} }
    expect(lint({ machines })).toMatchObject([{ path: ['machines', 'deploy-bot-previous'] }])
  })

  test('a machine that acts for a machine, or for nobody known', () => {
    const machines = { 'deploy-bot': { mayActFor: ['deploy-bot', 'mallory', 'bob'] } }
    expect(lint({ machines })).toMatchObject([
      { path: ['machines', 'deploy-bot', 'mayActFor'], cause: 'deploy-bot is no person of this policy' },
      { cause: 'mallory is no person of this policy' },
    ])
  })
})
