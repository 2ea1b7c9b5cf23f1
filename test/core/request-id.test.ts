import { describe, expect, test } from 'vitest'
import { deriveRequestId, isRequestId, requestIdSchema } from '#core/request-id.ts'
import { AUDIENCE, REQUEST } from '#support/samples.ts'

describe('deriveRequestId', () => {
  const derive = (...given: readonly string[]): string => {
    const [viewKey = 'view key', audience = AUDIENCE, caller = 'alice', key = 'order 1'] = given
    return deriveRequestId(viewKey, audience, caller, key)
  }

  test('gives the same id for the same ask', () => {
    expect(derive()).toBe(derive())
    expect(derive()).toMatch(/^req_[0-9a-f]{32}$/)
  })

  test.each([
    ['view key', ['other key']],
    ['audience', ['view key', '1234567890123456/cn-beijing/startgate-starter']],
    ['caller', ['view key', AUDIENCE, 'bob']],
    ['key', ['view key', AUDIENCE, 'alice', 'order 2']],
  ])('another %s gives another id', (_what, given) => {
    expect(derive(...given)).not.toBe(derive())
  })

  test('the border between caller and key cannot be moved', () => {
    expect(derive('k', AUDIENCE, 'alice', 'bob')).not.toBe(derive('k', AUDIENCE, 'aliceb', 'ob'))
  })
})

describe.each([
  ['isRequestId', isRequestId],
  ['requestIdSchema', (text: string): boolean => requestIdSchema.safeParse(text).success],
])('%s', (_name, accepts) => {
  test('accepts an id', () => {
    expect(accepts(REQUEST)).toBe(true)
  })

  test.each([
    ['too short', REQUEST.slice(0, -1)],
    ['too long', `${REQUEST}0`],
    ['upper case', REQUEST.replace('a', 'A')],
    ['another kind', REQUEST.replace('req', 'run')],
    ['a line feed at the end', `${REQUEST}\n`],
    ['something before it', `x${REQUEST}`],
    ['nothing', ''],
  ])('refuses one with %s', (_what, text) => {
    expect(accepts(text)).toBe(false)
  })
})
