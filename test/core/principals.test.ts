import { describe, expect, test } from 'vitest'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { findKey, findSshKey, keysOf, kindOf, membersOf } from '#core/principals.ts'
import { kidOf, publicJwk } from '#support/keys.ts'
import { aKey, aPolicy, aPolicyDocument, aRule } from '#support/samples.ts'
import { createSoftSshKey } from '#support/soft-ssh.ts'

const POLICY = aPolicy()

describe('kindOf', () => {
  test.each([
    ['alice', 'person'],
    ['deploy-bot', 'machine'],
    ['nightly', 'schedule'],
    ['mallory', undefined],
    ['toString', undefined],
    ['__proto__', undefined],
  ])('%s: %s', (name, kind) => {
    expect(kindOf(POLICY, name)).toBe(kind)
  })
})

describe('membersOf', () => {
  const groups = { leads: ['bob', 'carol'], finance: ['carol', 'erin'] }

  test.each<[readonly string[], readonly string[]]>([
    [['leads'], ['bob', 'carol']],
    [
      ['dave', 'finance', 'leads', 'bob'],
      ['dave', 'carol', 'erin', 'bob'],
    ],
    [
      ['mallory', 'constructor'],
      ['mallory', 'constructor'],
    ],
    [[], []],
  ])('%j are %j', (names, members) => {
    expect(membersOf({ groups }, names)).toEqual(members)
  })

  test('whoever lists people may list a group', () => {
    const { mayRead, machines, rules } = aPolicy({
      groups,
      mayRead: ['leads'],
      machines: { 'deploy-bot': { mayActFor: ['finance'] } },
      rules: [aRule({ requesters: ['leads'], approvers: ['finance', 'bob'], mayCancel: ['finance'] })],
    })

    expect(mayRead).toEqual(['bob', 'carol'])
    expect(machines['deploy-bot']?.mayActFor).toEqual(['carol', 'erin'])
    expect(rules[0]).toMatchObject({
      requesters: ['bob', 'carol'],
      approvers: ['carol', 'erin', 'bob'],
      mayCancel: ['carol', 'erin'],
    })
  })
})

describe('keysOf', () => {
  test.each(['alice', 'deploy-bot'] as const)('%s has the key of the policy', (name) => {
    expect(keysOf(POLICY, name)).toEqual([aKey(name)])
  })

  test.each(['dave', 'nightly', 'mallory', 'constructor'])('%s has none', (name) => {
    expect(keysOf(POLICY, name)).toEqual([])
  })
})

describe('findKey', () => {
  test('a passkey whose credential id is what a thumbprint is made of does not stand before the key with that one', () => {
    const passkey = Buffer.from(toCanonicalJson(publicJwk('bob'))).toString('base64url')
    const people = aPolicyDocument()['people'] as object
    const policy = aPolicy({
      page: { origin: 'https://gate.example.com' },
      people: { ...people, alice: { keys: [{ ...publicJwk('dave'), passkey }] } },
    })

    expect(policy.people['alice']?.keys[0]?.kid).toBe(kidOf('bob'))
    expect(findKey(policy, kidOf('bob'))).toEqual({ principal: 'bob', key: aKey('bob') })
  })

  test.each(['alice', 'erin', 'deploy-bot'] as const)('finds the one of %s', (principal) => {
    expect(findKey(POLICY, kidOf(principal))).toEqual({ principal, key: aKey(principal) })
  })

  test.each([kidOf('dave'), '', kidOf('bob').slice(1)])('%s names no key', (kid) => {
    expect(findKey(POLICY, kid)).toBeUndefined()
  })
})

describe('findSshKey', () => {
  const { line } = createSoftSshKey('ssh-ed25519')
  const policy = aPolicy({ machines: { 'deploy-bot': { keys: [{ ssh: line }] } } })
  const [, blob = ''] = line.split(' ')

  test('finds whose key it is, by its very bytes', () => {
    expect(findSshKey(policy, blob)).toMatchObject({ principal: 'deploy-bot', key: { ssh: { blob } } })
    expect(findSshKey(policy, `${blob}=`)).toBeUndefined()
    expect(findSshKey(POLICY, blob)).toBeUndefined()
  })
})
