import { describe, expect, test } from 'vitest'
import {
  accountIdSchema,
  audienceSchema,
  instanceIdSchema,
  instantSchema,
  lineSchema,
  nameSchema,
  regionIdSchema,
  toReadableInstant,
} from '#core/words.ts'
import { AUDIENCE } from '#support/samples.ts'

describe('names and ids', () => {
  test.each([
    ['a name', nameSchema, 'a'],
    ['a name', nameSchema, `deploy-bot-2${'x'.repeat(51)}`],
    ['an account', accountIdSchema, '12345678'],
    ['an account', accountIdSchema, '12345678901234567890'],
    ['a region', regionIdSchema, 'cn-hangzhou'],
    ['a region', regionIdSchema, 'cn-shanghai-finance-1'],
    ['an instance', instanceIdSchema, 'i-bp67acfmxazb4p3ujhx1'],
    ['an audience', audienceSchema, AUDIENCE],
    ['an instant', instantSchema, 0],
    ['an instant', instantSchema, 8_640_000_000_000_000],
  ])('%s: %s passes', (_kind, schema, value) => {
    expect(schema.safeParse(value)).toEqual({ success: true, data: value })
  })

  test.each([
    ['name', nameSchema, ''],
    ['name', nameSchema, 'Alice'],
    ['name', nameSchema, '1st'],
    ['name', nameSchema, '__proto__'],
    ['name', nameSchema, 'alice\n'],
    ['name', nameSchema, 'x'.repeat(64)],
    ['account', accountIdSchema, '1234567'],
    ['account', accountIdSchema, '123456789012345678901'],
    ['account', accountIdSchema, '1234567x'],
    ['region', regionIdSchema, 'hangzhou'],
    ['region', regionIdSchema, 'cn-hangzhou.example.com'],
    ['region', regionIdSchema, 'cn-a-b-c-d'],
    ['instance', instanceIdSchema, 'bp67acfmxazb4p3ujhx1'],
    ['instance', instanceIdSchema, 'i-bp6'],
    ['instance', instanceIdSchema, `i-${'b'.repeat(41)}`],
    ['instance', instanceIdSchema, 'i-bp67,i-bp68'],
    ['audience', audienceSchema, `${AUDIENCE}/more`],
    ['audience', audienceSchema, '1234567890123456/cn-hangzhou/'],
    ['instant', instantSchema, -1],
    ['instant', instantSchema, 1.5],
    ['instant', instantSchema, 8_640_000_000_000_001],
  ])('no %s: %j', (_kind, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })
})

describe('lineSchema', () => {
  test('takes a line in any script, and trims it', () => {
    expect(lineSchema.parse('  周报要跑，谢谢 🙏 ')).toBe('周报要跑，谢谢 🙏')
  })

  test.each([
    ['', 'must not be empty'],
    ['x'.repeat(501), 'at most 500 characters'],
  ])('says what it wants instead of %j', (text, says) => {
    expect(lineSchema.safeParse(text).error?.issues.map(({ message }) => message)).toContain(says)
  })

  test.each([
    ['nothing but spaces', '   '],
    ['a line feed', 'one\ntwo'],
    ['a bell', 'one\u0007'],
    ['a right-to-left override', 'safe \u202Edangerous'],
    ['a zero-width space', 'a\u200Bb'],
    ['half of a surrogate pair', 'a\ud800b'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['501 characters', 'x'.repeat(501)],
  ])('refuses %s', (_what, text) => {
    expect(lineSchema.safeParse(text).success).toBe(false)
  })

  test('takes 500 characters', () => {
    expect(lineSchema.safeParse('x'.repeat(500)).success).toBe(true)
  })
})

describe('toReadableInstant', () => {
  test('is in UTC, to the second', () => {
    expect(toReadableInstant(Date.UTC(2026, 10, 23, 9, 30, 0, 999))).toBe('2026-11-23 09:30:00 UTC')
  })
})
