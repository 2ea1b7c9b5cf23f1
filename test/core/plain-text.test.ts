import { describe, expect, test } from 'vitest'
import { isPlainLine, toPlain } from '#core/plain-text.ts'

describe('toPlain', () => {
  test.each([
    ['an escape', 'a\u001B[31mb', 'a\uFFFD[31mb'],
    ['a line break', 'a\nb', 'a\uFFFDb'],
    ['an override of direction', 'a\u202Eb', 'a\uFFFDb'],
    ['a zero-width space', 'a\u200Bb', 'a\uFFFDb'],
    ['a filler that is drawn as nothing', 'a\u3164b', 'a\uFFFDb'],
    ['a character of private use', 'a\uE000b', 'a\uFFFDb'],
    ['a selector that selects nothing', 'a\uFE0Fb', 'a\uFFFDb'],
    ['a second selector', '⚠\uFE0F\uFE0F', '⚠\uFE0F\uFFFD'],
    ['half of a surrogate pair', 'a\uD800b', 'a\uFFFDb'],
  ])('marks %s', (_, text, plain) => {
    expect(toPlain(text)).toBe(plain)
  })

  test('leaves what people write as it is', () => {
    for (const text of ['El niño: 月度报表 — 50 % <b> 🚀', '⚠\uFE0F 1\uFE0F\u20E3']) expect(toPlain(text)).toBe(text)
  })
})

describe('isPlainLine', () => {
  test.each(['The report is due', '月度报表', '🚀', '⚠\uFE0F now', '1\uFE0F\u20E3', ''])('takes %s', (text) => {
    expect(isPlainLine(text)).toBe(true)
  })

  test.each(['two\nlines', 'a\u202Eb', 'a\u2028b', 'a\uD800b'])('refuses %j', (text) => {
    expect(isPlainLine(text)).toBe(false)
  })

  test.each(['\u3164', '\u115F', '\u034F', '\uFE0F', '\u{E0100}', '\u17B4', '\uE000'])(
    'refuses %j, which nobody sees, alone and in between',
    (hidden) => {
      expect([hidden, `a${hidden}b`].filter(isPlainLine)).toEqual([])
    },
  )

  test.each([' ', '\u2800', '\u2800 \u00A0\u2800'])('refuses %j, where there is nothing to see', (text) => {
    expect(isPlainLine(text)).toBe(false)
  })

  test('takes what is blank between what is seen', () => {
    expect(isPlainLine('a \u2800b')).toBe(true)
  })
})
