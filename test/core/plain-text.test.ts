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
    ['half of a surrogate pair', 'a\uD800b', 'a\uFFFDb'],
  ])('marks %s', (_, text, plain) => {
    expect(toPlain(text)).toBe(plain)
  })

  test('leaves what people write as it is', () => {
    expect(toPlain('El niño: 月度报表 — 50 % <b> 🚀')).toBe('El niño: 月度报表 — 50 % <b> 🚀')
  })
})

describe('isPlainLine', () => {
  test.each(['The report is due', '月度报表', '🚀'])('takes %s', (text) => {
    expect(isPlainLine(text)).toBe(true)
  })

  test.each(['two\nlines', 'a\u202Eb', 'a\u2028b', 'a\uD800b'])('refuses %j', (text) => {
    expect(isPlainLine(text)).toBe(false)
  })
})
