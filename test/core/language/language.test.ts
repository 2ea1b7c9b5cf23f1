import { describe, expect, test } from 'vitest'
import { pickLanguage, type Language } from '#core/language/language.ts'

describe('pickLanguage', () => {
  test.each<[string | undefined, Language]>([
    [undefined, 'en'],
    ['', 'en'],
    ['en', 'en'],
    ['en-GB,en;q=0.9', 'en'],
    ['de', 'en'],
    ['zh', 'zh'],
    ['ZH-cn', 'zh'],
    ['zh-Hans', 'zh'],
    ['zh-Hans-CN', 'zh'],
    ['zh-TW', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en-US,en;q=0.9,zh-CN;q=0.8', 'en'],
    ['de, zh;q=0.3, en;q=0.2', 'zh'],
    ['zh;q=0.8 , en ; q=0.9', 'en'],
    ['en;q=0.2, zh;q=0.3', 'zh'],
  ])('%j: %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language)
  })

  test.each<[string, Language]>([
    ['zh,en', 'zh'],
    ['en,zh', 'en'],
    ['en;q=0.5,zh;q=0.5', 'en'],
    ['zh;q=0.500,en;q=0.5', 'zh'],
  ])('of two wanted alike the first counts: %s: %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language)
  })

  test.each<[string, Language]>([
    ['*', 'en'],
    ['*;q=0.5, en;q=0', 'zh'],
    ['*;q=0.5, en;q=0.4', 'zh'],
    ['*, zh;q=0.9', 'en'],
    ['zh, *;q=0.1', 'zh'],
    ['zh;q=0, *', 'en'],
    ['zh;q=0.000', 'en'],
    ['en;q=0', 'en'],
    ['zh-CN;q=0, zh;q=0.1', 'zh'],
  ])('zero refuses, and a star stands for the rest: %s: %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language)
  })

  test.each([
    'zh;q=2',
    'zh;q=1.5',
    'zh;q=0.1234',
    'zh;q=',
    'zh;level=1',
    'zhongwen-zh',
    'zh_CN',
    ';q=1',
    'zh en',
    '<zh>',
  ])('what cannot be read counts for nothing: %s', (header) => {
    expect(pickLanguage(header)).toBe('en')
    expect(pickLanguage(`${header}, zh;q=0.1`)).toBe('zh')
  })
})
