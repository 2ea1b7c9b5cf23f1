import type { Language } from './language.ts'
import { PAGE_EN } from './page-en.ts'
import type { PageWords } from './page-words.ts'
import { PAGE_ZH } from './page-zh.ts'

export const PAGE_WORDS: Readonly<Record<Language, PageWords>> = { en: PAGE_EN, zh: PAGE_ZH }
