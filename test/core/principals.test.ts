import { describe, expect, test } from 'vitest'
import { findKey, findSshKey, keysOf, kindOf } from '#core/principals.ts'
import { kidOf } from '#support/keys.ts'
import { aKey, aPolicy } from '#support/samples.ts'
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

describe('keysOf', () => {
  test.each(['alice', 'deploy-bot'] as const)('%s has the key of the policy', (name) => {
    expect(keysOf(POLICY, name)).toEqual([aKey(name)])
  })

  test.each(['dave', 'nightly', 'mallory', 'constructor'])('%s has none', (name) => {
    expect(keysOf(POLICY, name)).toEqual([])
  })
})

describe('findKey', () => {
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
