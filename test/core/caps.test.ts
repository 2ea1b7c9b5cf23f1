import { describe, expect, test } from 'vitest'
import { hasRoom } from '#core/caps.ts'
import type { Row } from '#core/row.ts'
import { aStream, REQUEST } from '#support/samples.ts'

const EMPTY = '""'.length

function rows(count: number, bytesEach = EMPTY): readonly Row[] {
  const body = 'x'.repeat(bytesEach - EMPTY)
  return aStream(
    { book: 'asks', stream: REQUEST },
    Array.from({ length: count }, () => ({ type: 'approved', body })),
  )
}

describe('hasRoom', () => {
  test.each([
    ['yes', 55, true],
    ['yes', 56, false],
    ['telling', 47, true],
    ['telling', 48, false],
    ['no', 62, true],
    ['no', 63, false],
  ] as const)('a row of kind %s after %i rows: %s', (kind, count, room) => {
    expect(hasRoom(rows(count), '', kind)).toBe(room)
  })

  test.each([
    ['yes', 224 * 1024, true],
    ['yes', 224 * 1024 + 1, false],
    ['no', 256 * 1024, true],
    ['no', 256 * 1024 + 1, false],
  ] as const)('a row of kind %s that makes %i bytes with the others: %s', (kind, total, room) => {
    const body = 'x'.repeat(total - 2 * 1000 - EMPTY)

    expect(hasRoom(rows(2, 1000), body, kind)).toBe(room)
  })

  test('a flood of approvals leaves room for eight rows that say no', () => {
    const flood = rows(56)

    expect(hasRoom(flood, {}, 'yes')).toBe(false)
    expect(hasRoom(flood, {}, 'no')).toBe(true)
  })

  test('bytes are counted, not characters', () => {
    expect(hasRoom([], '界'.repeat(76_459), 'yes')).toBe(false)
    expect(hasRoom([], '界'.repeat(76_458), 'yes')).toBe(true)
  })
})
