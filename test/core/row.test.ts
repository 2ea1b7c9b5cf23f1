import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digestOf } from '#core/digest.ts'
import { actorSchema, createRow, findBrokenLink, hashRow, headOf, headSchema, NO_HEAD, type Row } from '#core/row.ts'
import { aStream, NOW, REQUEST } from '#support/samples.ts'

const CONTENT: Omit<Row, 'prev' | 'hash' | 'n'> = {
  book: 'asks',
  stream: REQUEST,
  id: '0'.repeat(32),
  type: 'cancelled',
  at: NOW,
  actor: { principal: 'alice' },
  body: { by: 'alice' },
}
const STREAM = aStream({ book: 'asks', stream: REQUEST }, [
  { type: 'one', body: {} },
  { type: 'two', body: {} },
  { type: 'three', body: {} },
])

describe('createRow', () => {
  test('numbers the row and chains it to the one before', () => {
    const first = createRow(CONTENT, NO_HEAD)
    const second = createRow(CONTENT, headOf([first]))

    expect(first).toEqual({
      ...CONTENT,
      n: 1,
      prev: '',
      hash: digestOf('startgate-row/v1', { ...CONTENT, n: 1, prev: '' }),
    })
    expect(second).toMatchObject({ n: 2, prev: first.hash })
  })
})

describe('hashRow', () => {
  test.each<[keyof Omit<Row, 'hash'>, unknown]>([
    ['book', 'runs'],
    ['stream', `${REQUEST}0`],
    ['n', 2],
    ['id', '1'.repeat(32)],
    ['type', 'denied'],
    ['at', NOW + 1],
    ['actor', { principal: 'bob' }],
    ['body', { by: 'bob' }],
    ['prev', 'a'.repeat(64)],
  ])('changes with %s', (name, value) => {
    const row = createRow(CONTENT, NO_HEAD)

    expect(hashRow({ ...row, [name]: value })).not.toBe(row.hash)
  })
})

describe('findBrokenLink', () => {
  test('finds none in an empty stream, nor in a whole one', () => {
    expect(findBrokenLink([])).toBeUndefined()
    expect(findBrokenLink(STREAM)).toBeUndefined()
  })

  test.each([
    ['the first is missing', STREAM.slice(1), 1],
    ['one in the middle is missing', STREAM.toSpliced(1, 1), 2],
    ['two change places', [STREAM[0], STREAM[2], STREAM[1]], 2],
    ['one comes twice', [STREAM[0], STREAM[0]], 2],
    ['one was changed', STREAM.with(1, { ...STREAM[1], type: 'other' } as Row), 2],
    ['one was changed and hashed anew', STREAM.with(1, rehashed(STREAM[1])), 3],
    ['one names another before it', STREAM.with(2, createRow(CONTENT, { n: 2, hash: 'f'.repeat(64) })), 3],
    ['one has another number', [createRow(CONTENT, { n: 1, hash: '' })], 1],
  ])('finds it when %s', (_what, rows, n) => {
    expect(findBrokenLink(rows as Row[])).toBe(n)
  })

  test('no row of a stream can be changed, left out or moved unnoticed, but the last be missing', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...STREAM]), (rows) => {
        const isStart = rows.every((row, index) => row === STREAM[index])
        expect(findBrokenLink(rows) === undefined).toBe(isStart)
      }),
    )
  })
})

describe('headOf', () => {
  test('is the number and hash of the last row', () => {
    expect(headOf(STREAM)).toEqual({ n: 3, hash: STREAM[2]?.hash })
  })

  test('before the first row it is empty', () => {
    expect(headOf([])).toEqual({ n: 0, hash: '' })
  })
})

describe('schemas of what rows hold', () => {
  test.each([
    [headSchema, NO_HEAD],
    [headSchema, headOf(STREAM)],
    [actorSchema, { principal: 'alice' }],
    [actorSchema, { function: 'gate' }],
    [actorSchema, { function: 'starter' }],
  ])('%# passes', (schema, value) => {
    expect(schema.safeParse(value).success).toBe(true)
  })

  test.each([
    [headSchema, { n: -1, hash: '' }],
    [headSchema, { n: 1, hash: 'A'.repeat(64) }],
    [headSchema, { n: 1, hash: 'a'.repeat(63) }],
    [actorSchema, { function: 'sweeper' }],
    [actorSchema, { principal: 'alice', function: 'gate' }],
    [actorSchema, {}],
  ])('%# is refused', (schema, value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })
})

function rehashed(row: Row | undefined): Row {
  const changed = { ...STREAM[0], ...row, type: 'other' } as Row
  return { ...changed, hash: hashRow(changed) }
}
