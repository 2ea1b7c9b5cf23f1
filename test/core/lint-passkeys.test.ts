import { describe, expect, test } from 'vitest'
import { parsePolicy, type ParsedPolicy } from '#core/policy.ts'
import { createSoftPasskey } from '#infra/local/soft-passkey.ts'
import { publicJwk } from '#support/keys.ts'
import { aPolicyDocument } from '#support/samples.ts'

const ORIGIN = 'https://gate.example.com'
const PAGE = { origin: ORIGIN }
const ONE = createSoftPasskey({ origin: ORIGIN }).policyKey
const OTHER = createSoftPasskey({ origin: ORIGIN, algorithm: 'RS256' }).policyKey
const BOB = publicJwk('bob')

function parse(
  change: Readonly<Record<string, unknown>>,
  people: Readonly<Record<string, readonly object[]>>,
): ParsedPolicy {
  const holders = Object.entries(people).map(([name, keys]) => [name, { keys }] as const)
  const all = { ...(aPolicyDocument()['people'] as object), ...Object.fromEntries(holders) }
  return parsePolicy(aPolicyDocument({ people: all, ...change }))
}

function faultsOf(...policy: Parameters<typeof parse>): readonly (readonly [string, string])[] {
  const parsed = parse(...policy)
  return parsed.ok ? [] : parsed.faults.map(({ path, cause }) => [path.join('.'), cause])
}

describe('a policy with passkeys', () => {
  test('is sound with a page, and passkeys of one person each', () => {
    expect(parse({ page: PAGE }, { bob: [BOB, ONE], carol: [OTHER] })).toMatchObject({ ok: true })
  })

  test('needs a page', () => {
    const cause = 'a passkey is bound to the page that it was made on, and this policy names no page'

    expect(faultsOf({}, { bob: [BOB, ONE], carol: [OTHER] })).toEqual([
      ['people.bob.keys.1', cause],
      ['people.carol.keys.0', cause],
    ])
  })

  test('gives none to a machine', () => {
    expect(faultsOf({ page: PAGE, machines: { 'deploy-bot': { keys: [publicJwk('deploy-bot'), ONE] } } }, {})).toEqual([
      ['machines.deploy-bot.keys.1', 'a machine cannot show that it is there, so it has no passkey'],
    ])
  })

  test('gives one credential id to one person, whatever key is beside it', () => {
    expect(faultsOf({ page: PAGE }, { bob: [ONE], carol: [{ ...OTHER, passkey: ONE['passkey'] }] })).toEqual([
      ['people.carol.keys.0', 'this credential id is written down twice'],
    ])
  })

  test.each([
    ['P-256', ONE],
    ['RSA', OTHER],
  ])('gives one key pair of %s to one person, whatever credential id is beside it', (_type, key) => {
    const again = { ...key, passkey: Buffer.alloc(16, 1).toString('base64url') }

    expect(faultsOf({ page: PAGE }, { bob: [key], carol: [again] })).toEqual([
      ['people.carol.keys.0', expect.stringMatching(/^the key [\w-]{43} is written down twice, for bob and carol$/)],
    ])
  })

  test('does not let a passkey and a JWK be the same key', () => {
    expect(faultsOf({ page: PAGE }, { bob: [BOB, { ...BOB, passkey: ONE['passkey'] }] })).toEqual([
      ['people.bob.keys.1', expect.stringMatching(/ is written down twice, for bob$/)],
    ])
  })
})
