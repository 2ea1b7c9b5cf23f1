import { EN } from './en.ts'
import type { Language } from './language.ts'
import type { Words } from './words.ts'
import { ZH } from './zh.ts'

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH }
