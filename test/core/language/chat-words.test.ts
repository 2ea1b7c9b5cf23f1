import { describe, expect, test } from 'vitest'
import { parseCommand, type Unclear } from '#core/command.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Say } from '#core/language/chat-words.ts'
import type { Language } from '#core/language/language.ts'
import { STATES } from '#core/words.ts'
import { INSTANCE, REQUEST } from '#support/samples.ts'

const HAN = /\p{Script=Han}/u
const WORD = 'db-7'
const IDENTITY = 'slack:T0123/U0456'
const UNCLEAR: Readonly<Record<Unclear, readonly string[]>> = {
  unknown_word: [WORD],
  approves: [WORD],
  denies: [WORD],
  no_instance: [WORD],
  no_reason: [WORD, 'report db 7'],
  one_at_a_time: [WORD],
  no_request: ['show'],
  not_a_request: [WORD],
}
const onSlack: Say = (line) => `/startgate ${line}`
const alone: Say = (line) => line
const CANDIDATES = [
  { instanceId: INSTANCE, zone: 'cn-hangzhou-h', status: 'Stopped' },
  { instanceId: 'i-other1', zone: 'cn-hangzhou-g', status: 'Running' },
]
const ITEM = {
  id: REQUEST,
  instance: INSTANCE,
  requester: 'alice',
  reason: 'REASON-1',
  headline: 'HEADLINE-1。',
  expires: '2026-11-23 09:30:00 UTC',
  url: `https://start.example.com/r/${REQUEST}`,
} as const

/** Everything that is said, each under a name of its own. */
function sayAll(language: Language): Readonly<Record<string, string>> {
  const words = CHAT_WORDS[language]
  const { titles, given, names, reminder, reminded, yeses, open, review, look, deny, confirmDeny, asOf, unchanged } =
    words.card
  const unclear = Object.entries(UNCLEAR).flatMap(([problem, all]) =>
    all.map((word) => [`unclear ${problem} ${word}`, words.unclear(problem as Unclear, word, onSlack)] as const),
  )
  return {
    looking: words.looking,
    lookingInGroup: words.lookingInGroup,
    notTaken: words.notTaken,
    delayed: words.delayed,
    unknownPerson: words.unknownPerson(IDENTITY),
    ...Object.fromEntries(unclear),
    'too long': words.badReason('too_long', onSlack),
    'not plain': words.badReason('not_plain', onSlack),
    which: words.which(WORD, CANDIDATES, onSlack),
    noSuchName: words.noSuchName(WORD, 'cn-hangzhou'),
    items: words.open([ITEM, ITEM], 3),
    nothingOpen: words.nothingOpen,
    stopped: words.stopped(INSTANCE, REQUEST),
    tooLate: words.tooLate(INSTANCE, REQUEST, onSlack),
    refused: words.refused(language === 'en' ? 'It is locked.' : '实例已被锁定。'),
    ...titles,
    yeses,
    open,
    review,
    look,
    deny,
    confirmDeny,
    names: names(language === 'en' ? ['bob', 'carol'] : ['鲍勃', '卡罗尔']),
    'given to nobody': given([], 2),
    given: given(['bob', 'carol'], 2),
    asOf,
    unchanged: unchanged('2026-11-24 00:51 Asia/Shanghai'),
    reminder: reminder({
      instance: INSTANCE,
      requester: 'alice',
      reason: 'REASON-1',
      headline: language === 'en' ? 'HEADLINE-1.' : 'HEADLINE-1。',
      expires: '2026-11-24 00:51 Asia/Shanghai',
    }),
    reminded: reminded(INSTANCE, language === 'en' ? 'HEADLINE-1.' : 'HEADLINE-1。'),
  }
}

const [en, zh] = [sayAll('en'), sayAll('zh')]
const [enHelp, zhHelp] = [CHAT_WORDS.en.help(onSlack, undefined), CHAT_WORDS.zh.help(onSlack, undefined)]

function namesOf(said: Readonly<Record<string, string>>, isWrong: (text: string) => boolean): readonly string[] {
  return Object.entries(said).flatMap(([name, text]) => (isWrong(text) ? [`${name}: ${text}`] : []))
}

describe('what is said in chats', () => {
  test('is said in both languages, each in its own words', () => {
    expect(Object.keys(zh)).toEqual(Object.keys(en))
    expect(Object.keys(en)).toEqual(expect.arrayContaining([...STATES]))
    expect(namesOf(en, (text) => HAN.test(text))).toEqual([])
    expect(namesOf(zh, (text) => !HAN.test(text))).toEqual([])
  })

  test('is made of words, with no slip of the program', () => {
    const slip = /undefined|null|NaN|\[object|=>|\$\{| {2}|^\s|\s$|^$/

    expect([en, zh].flatMap((said) => namesOf(said, (text) => slip.test(text)))).toEqual([])
  })

  test('is set as Chinese is', () => {
    const odd = [
      /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u,
      /[，。；：、（）“”] | [，。；：、（）“”]|\p{Script=Han} +\p{Script=Han}/u,
      /\p{Script=Han}[,.;:!?()"']|[,.;:!?()"']\p{Script=Han}/u,
    ]

    expect(namesOf(zh, (text) => odd.some((form) => form.test(text)))).toEqual([])
    expect(namesOf(zh, (text) => /批准人|批准者|审批者/.test(text))).toEqual([])
  })

  test('has what it is about, in both', () => {
    for (const [name, tokens] of Object.entries({
      unknownPerson: [`chat: [${IDENTITY}]`, 'people'],
      'unclear unknown_word db-7': [`“${WORD}”`],
      'unclear approves db-7': ['startgate approve'],
      'unclear no_reason report db 7': ['“report db 7”'],
      which: [WORD, INSTANCE, 'cn-hangzhou-h', 'Running'],
      'too long': ['500'],
      noSuchName: [`“${WORD}”`, 'cn-hangzhou'],
      items: [REQUEST, INSTANCE, 'alice', '“REASON-1”', 'HEADLINE-1', ITEM.expires, ITEM.url, '3', 'startgate list'],
      stopped: [INSTANCE, REQUEST],
      tooLate: [INSTANCE, REQUEST],
      given: ['bob', 'carol', '2'],
      reminder: ['HEADLINE-1'],
      reminded: [INSTANCE, 'HEADLINE-1'],
    }))
      for (const token of tokens) {
        expect(en[name]).toContain(token)
        expect(zh[name]).toContain(token)
      }
  })

  test.each(['en', 'zh'] as const)('advises nothing that is not heard where it is said, in %s', (language) => {
    const said = sayAll(language)
    for (const name of ['denies db-7', 'no_instance db-7', 'no_reason db-7', 'no_request show', 'not_a_request db-7'])
      expect(said[`unclear ${name}`]).toContain('/startgate ')
    for (const name of ['unclear unknown_word db-7', 'too long', 'not plain', 'which', 'tooLate'])
      expect(said[name]).toContain('/startgate ')
  })

  test.each(['en', 'zh'] as const)('gives no two states the same title, in %s', (language) => {
    expect(new Set(Object.values(CHAT_WORDS[language].card.titles)).size).toBe(STATES.length)
  })

  test('lists nothing more where there is nothing more', () => {
    expect(CHAT_WORDS.en.open([ITEM], 0).split('\n')).toHaveLength(3)
    expect(CHAT_WORDS.zh.open([ITEM], 0).split('\n')).toHaveLength(3)
  })

  test('names people as each language lists them', () => {
    expect(CHAT_WORDS.en.card.names(['bob', 'carol'])).toBe('bob, carol')
    expect(CHAT_WORDS.zh.card.names(['bob', 'carol'])).toBe('bob、carol')
  })
})

describe('the help', () => {
  const commandsOf = (help: string): readonly string[] =>
    help
      .split('\n')
      .filter((line) => line.startsWith('/startgate'))
      .map((line) => line.split(/[:：]/)[0] ?? '')

  test.each([
    ['en', enHelp],
    ['zh', zhHelp],
  ] as const)('shows commands that are understood, in %s', (language, help) => {
    const spoken = commandsOf(help).map((line) =>
      parseCommand(line.replace('/startgate ', '').replace('req_…', REQUEST)),
    )

    expect(spoken.map(({ command }) => command.kind)).toEqual(['start', 'list', 'show', 'cancel'])
    expect(spoken.map((each) => each.language)).toEqual(Array.from({ length: 4 }, () => language))
  })

  test('leads from each language to the other', () => {
    const last = (help: string): string => help.split('\n').at(-1) ?? ''

    expect([last(enHelp), last(zhHelp)]).toEqual(['中文：/startgate 帮助', 'English: /startgate help'])
    expect([last(CHAT_WORDS.en.help(alone, undefined)), last(CHAT_WORDS.zh.help(alone, undefined))]).toEqual([
      '中文：帮助',
      'English: help',
    ])
  })

  test('names the group in which it was asked, as a receiver has it', () => {
    for (const { help } of [CHAT_WORDS.en, CHAT_WORDS.zh])
      expect(help(alone, 'slack/C1')).toContain('group: slack/C1\n')
  })

  test('says where a yes is signed', () => {
    for (const help of [enHelp, zhHelp]) expect(help).toContain('startgate approve')
  })
})
