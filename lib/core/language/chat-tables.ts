import { CHAT_EN } from './chat-en.ts'
import type { ChatWords } from './chat-words.ts'
import { CHAT_ZH } from './chat-zh.ts'
import type { Language } from './language.ts'

export const CHAT_WORDS: Readonly<Record<Language, ChatWords>> = { en: CHAT_EN, zh: CHAT_ZH }
