import { describe, expect, test } from 'vitest'
import { PAGE_WORDS } from '#core/language/page-tables.ts'

/** Every word with its place; sentences that are made of something are made of these. */
function wordsOf(value: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => wordsOf(each, `${path}.${name}`))
}

describe('the words of the page', () => {
  test.each(['en', 'zh'] as const)('none is empty in %s', (language) => {
    const words = wordsOf(PAGE_WORDS[language])

    expect(words.length).toBeGreaterThan(60)
    expect(words.filter(([, text]) => text.trim() === '')).toEqual([])
  })

  test('Chinese is Chinese, and English is not', () => {
    expect(wordsOf(PAGE_WORDS.zh).filter(([, text]) => !/\p{Script=Han}/u.test(text))).toEqual([])
    expect(wordsOf(PAGE_WORDS.en).filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([])
  })

  test('have one Chinese word for an approver', () => {
    expect(wordsOf(PAGE_WORDS.zh).filter(([, text]) => /批准人|批准者|审批者/.test(text))).toEqual([])
  })

  test('count and name', () => {
    const [en, zh] = [PAGE_WORDS.en.request, PAGE_WORDS.zh.request]

    expect([en.count(1, 2), zh.count(1, 2)]).toEqual(['1 of 2 needed', '需要 2 人，已有 1 人'])
    expect([en.missing('dba', ['erin', 'frank']), zh.missing('dba', ['erin', 'frank'])]).toEqual([
      'Among them one of dba: erin, frank',
      '其中须有 dba 组一人：erin、frank',
    ])
  })
})
