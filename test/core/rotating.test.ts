import { expect, test } from 'vitest'
import { toAll, toRotating } from '#core/rotating.ts'

test('without one before it, a secret stands alone', () => {
  const alone = toRotating('now', undefined)
  expect(alone).toStrictEqual({ current: 'now' })
  expect(toAll(alone)).toEqual(['now'])
})

test('with one before it, both count, the current one first', () => {
  const both = toRotating('now', 'before')
  expect(both).toStrictEqual({ current: 'now', previous: 'before' })
  expect(toAll(both)).toEqual(['now', 'before'])
})

test('where there is no secret, none counts', () => {
  expect(toAll(undefined)).toEqual([])
})
