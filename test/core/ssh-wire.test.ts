import { describe, expect, test } from 'vitest'
import { readStrings } from '#core/ssh-wire.ts'

const length = (bytes: number): Buffer => Buffer.of(0, 0, 0, bytes)

describe('readStrings', () => {
  test.each<[string, Buffer, readonly string[]]>([
    ['nothing', Buffer.alloc(0), []],
    ['one', Buffer.concat([length(2), Buffer.from('ab')]), ['ab']],
    ['an empty one at the end', Buffer.concat([length(1), Buffer.from('a'), length(0)]), ['a', '']],
  ])('reads %s', (_what, bytes, strings) => {
    expect(readStrings(bytes)?.map(String)).toEqual(strings)
  })

  test.each<[string, Buffer]>([
    ['half a length', Buffer.of(0, 0, 0)],
    ['less than it says', Buffer.concat([length(2), Buffer.from('a')])],
    ['a byte more', Buffer.concat([length(1), Buffer.from('ab')])],
  ])('refuses %s', (_what, bytes) => {
    expect(readStrings(bytes)).toBeUndefined()
  })
})
