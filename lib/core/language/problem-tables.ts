import { PROBLEMS_EN } from './en-problems.ts'
import type { Language } from './language.ts'
import type { ProblemWords } from './problem-words.ts'
import { PROBLEMS_ZH } from './zh-problems.ts'

export const PROBLEM_WORDS: Readonly<Record<Language, ProblemWords>> = { en: PROBLEMS_EN, zh: PROBLEMS_ZH }
