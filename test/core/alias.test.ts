import { describe, expect, test } from 'vitest'
import { instanceOrAliasSchema, resolvePlace, type Alias, type Place } from '#core/alias.ts'

const ALIASES: Readonly<Record<string, Alias>> = {
  'report-db': { instanceId: 'i-bp1reporting' },
  'far-db': { instanceId: 'i-bp1faraway', regionId: 'cn-beijing', accountId: '1234567890123456' },
}

describe('resolvePlace', () => {
  test.each<[string, Place, Place | undefined]>([
    ['an id is itself', { instanceId: 'i-bp1other' }, { instanceId: 'i-bp1other' }],
    ['an alias is its instance', { instanceId: 'report-db' }, { instanceId: 'i-bp1reporting' }],
    [
      'an alias without a place is where it was said to be',
      { instanceId: 'report-db', regionId: 'cn-shenzhen', accountId: '11111111' },
      { instanceId: 'i-bp1reporting', regionId: 'cn-shenzhen', accountId: '11111111' },
    ],
    [
      'an alias with a place sets it',
      { instanceId: 'far-db' },
      { instanceId: 'i-bp1faraway', regionId: 'cn-beijing', accountId: '1234567890123456' },
    ],
    [
      'the same place may be said too',
      { instanceId: 'far-db', regionId: 'cn-beijing' },
      { instanceId: 'i-bp1faraway', regionId: 'cn-beijing', accountId: '1234567890123456' },
    ],
    ['not in another region', { instanceId: 'far-db', regionId: 'cn-hangzhou' }, undefined],
    ['not in another account', { instanceId: 'far-db', accountId: '11111111' }, undefined],
    ['an unknown alias leads nowhere', { instanceId: 'web-db' }, undefined],
    ['nor does what every object has', { instanceId: 'constructor' }, undefined],
  ])('%s', (_what, place, expected) => {
    expect(resolvePlace(ALIASES, place)).toEqual(expected)
  })
})

describe('instanceOrAliasSchema', () => {
  test.each(['i-bp67acfmxazb4p3ujhx1', 'report-db', 'i', 'id', 'i2-x', 'a'.repeat(63)])('takes %s', (text) => {
    expect(instanceOrAliasSchema.parse(text)).toBe(text)
  })

  test.each(['i-', 'i-abc', 'i-BP67', 'I-bp67acf', 'Report', 'report db', '-db', '', 'a'.repeat(64), '../x'])(
    'refuses %j',
    (text) => {
      expect(instanceOrAliasSchema.safeParse(text).success).toBe(false)
    },
  )
})
