import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCommand, type Command, type Spoken } from '#core/command.ts'
import { lineSchema } from '#core/words.ts'
import { INSTANCE, REQUEST } from '#support/samples.ts'

const start = (what: string, reason: string): Command => ({ kind: 'start', what, reason })
const unclear = (problem: Extract<Command, { kind: 'unclear' }>['problem'], word: string): Command => ({
  kind: 'unclear',
  problem,
  word,
})
const said = (text: string): Command => parseCommand(text).command

describe('start', () => {
  test.each<[string, Command]>([
    ['start db-1 monthly report', start('db-1', 'monthly report')],
    ['START db-1 Monthly Report', start('db-1', 'Monthly Report')],
    ['start db-1 for the monthly report', start('db-1', 'the monthly report')],
    ['start db-1 because the report is due', start('db-1', 'the report is due')],
    ['start db-1 because of the report', start('db-1', 'the report')],
    ['start db-1 - the report', start('db-1', 'the report')],
    ['start db-1: the report', start('db-1', 'the report')],
    ['start: db-1, the report', start('db-1', 'the report')],
    ['start db-1 cancel the outage', start('db-1', 'cancel the outage')],
    ['start db-1 is i-bp1other not enough?', start('db-1', 'is i-bp1other not enough?')],
    ['start db-1 format the disk', start('db-1', 'format the disk')],
    ['start db-1 :fire: at the till', start('db-1', ':fire: at the till')],
    ['  start   db-1 \t the\nreport  ', start('db-1', 'the report')],
    ['please start db-1 the report', start('db-1', 'the report')],
    ['start "report db" the report', start('report db', 'the report')],
    ['start “report db”, the report', start('report db', 'the report')],
    ['start `db-1` the report', start('db-1', 'the report')],
    ['start "db-1 report', start('"db-1', 'report')],
    ['start db:1.a_b the report', start('db:1.a_b', 'the report')],
    ['start Report-DB the report', start('Report-DB', 'the report')],
    ['start I-BP67ACFMXAZB4P3UJHX1 the report', start(INSTANCE, 'the report')],
    ['ｓｔａｒｔ ｄｂ－１ 月报', start('db-1', '月报')],
    ['start Ｗｅｂ 月报', start('Ｗｅｂ', '月报')],
  ])('%j', (text, command) => {
    expect(parseCommand(text)).toEqual({ language: 'en', command })
  })

  test.each<[string, Command]>([
    [`启动 ${INSTANCE} 月报`, start(INSTANCE, '月报')],
    [`启动${INSTANCE}，月报`, start(INSTANCE, '月报')],
    [`启动${INSTANCE}因为月报`, start(INSTANCE, '月报')],
    [`启动：${INSTANCE}。原因：月报`, start(INSTANCE, '月报')],
    [`开机　${INSTANCE}　理由是月报`, start(INSTANCE, '月报')],
    [`请启动 ${INSTANCE} 原因分析`, start(INSTANCE, '原因分析')],
    ['启动「报表 库」月报', start('报表 库', '月报')],
    ['启动“报表 库”，月报', start('报表 库', '月报')],
    ['启动 db-1 ——月报', start('db-1', '月报')],
    ['启动 报表库 月报，急', start('报表库', '月报，急')],
  ])('%j', (text, command) => {
    expect(parseCommand(text)).toEqual({ language: 'zh', command })
  })

  test.each<[string, Command]>([
    ['start', unclear('no_instance', 'start')],
    ['start "" report', unclear('no_instance', 'start')],
    ['start " " report', unclear('no_instance', 'start')],
    ['start db-1', unclear('no_reason', 'db-1')],
    ['start db-1 for', unclear('no_reason', 'db-1')],
    ['启动', unclear('no_instance', '启动')],
    ['启动 db-1 因为', unclear('no_reason', 'db-1')],
    ['启动 报表库——月报', unclear('no_reason', '报表库——月报')],
    ['启动 db-1，取消', unclear('no_reason', 'db-1')],
    ['start db-1 cancel', unclear('no_reason', 'db-1')],
    [`启动 ${INSTANCE} i-bp1other 月报`, unclear('one_at_a_time', 'i-bp1other')],
    [`start ${INSTANCE}, I-BP1OTHER the report`, unclear('one_at_a_time', 'I-BP1OTHER')],
    ['start db-1 i-bp1other', unclear('one_at_a_time', 'i-bp1other')],
  ])('%j lacks something', (text, command) => {
    expect(said(text)).toEqual(command)
  })
})

describe('the other words', () => {
  test.each<[string, Command]>([
    ['list', { kind: 'list' }],
    ['ls', { kind: 'list' }],
    ['List!', { kind: 'list' }],
    ['列表', { kind: 'list' }],
    ['查看列表', { kind: 'list' }],
    ['help', { kind: 'help' }],
    ['?', { kind: 'help' }],
    ['？', { kind: 'help' }],
    ['帮助一下', { kind: 'help' }],
    ['', { kind: 'help' }],
    [' \u2005\u200b ', { kind: 'help' }],
    ['@Startgate', { kind: 'help' }],
    [`show ${REQUEST}`, { kind: 'show', request: REQUEST }],
    [`status ${REQUEST} please`, { kind: 'show', request: REQUEST }],
    [`show ${REQUEST.toUpperCase()}.`, { kind: 'show', request: REQUEST }],
    [`show <https://start.example.com/r/${REQUEST}|this>`, { kind: 'show', request: REQUEST }],
    [`查看${REQUEST}`, { kind: 'show', request: REQUEST }],
    [`状态：${REQUEST}`, { kind: 'show', request: REQUEST }],
    [`cancel ${REQUEST}`, { kind: 'cancel', request: REQUEST }],
    [`cancel ${REQUEST} because of the weather`, { kind: 'cancel', request: REQUEST, reason: 'the weather' }],
    [`取消${REQUEST}`, { kind: 'cancel', request: REQUEST }],
    [`撤回 ${REQUEST}不需要了`, { kind: 'cancel', request: REQUEST, reason: '不需要了' }],
    ['show', unclear('no_request', 'show')],
    ['查看', unclear('no_request', '查看')],
    ['show db-1', unclear('not_a_request', 'db-1')],
    [`show ${REQUEST}0`, unclear('not_a_request', `${REQUEST}0`)],
    ['cancel it', unclear('not_a_request', 'it')],
    ['取消了吗', unclear('not_a_request', '了吗')],
  ])('%j', (text, command) => {
    expect(said(text)).toEqual(command)
  })

  test.each(['/', '@Startgate ', '<@U0456> ', '@_user_1 ', '\u200b', '@机器人\u2005', '<@U0456|gate> /'])(
    'behind %j are the same',
    (leftover) => {
      expect(said(`${leftover}list`)).toEqual({ kind: 'list' })
      expect(said(`${leftover}启动 db-1 月报`)).toEqual(start('db-1', '月报'))
    },
  )
})

describe('what is no command', () => {
  test.each(['approve', 'Yes!', 'ok', 'LGTM', '+1', '👍', `approve ${REQUEST}`])('a yes is none: %s', (text) => {
    const [word = ''] = text.split(' ')

    expect(parseCommand(text)).toEqual({ language: 'en', command: unclear('approves', word) })
  })

  test.each(['批准', '同意', '通过', '好的'])('nor in Chinese: %s', (word) => {
    expect(parseCommand(`${word}${REQUEST}`)).toEqual({ language: 'zh', command: unclear('approves', word) })
  })

  test.each(['deny', 'reject', 'No.', '拒绝', '不同意', '不批准'])('a no has its button: %s', (word) => {
    expect(said(`${word} ${REQUEST}`)).toEqual(unclear('denies', word))
  })

  test.each<[string, Spoken['language'], string]>([
    ['stop db-1', undefined, 'stop'],
    ['restart db-1', undefined, 'restart'],
    ['starting db-1', undefined, 'starting'],
    ['重启 db-1', 'zh', '重启'],
    ['db-1 启动', 'zh', 'db-1'],
    ['"start" db-1', undefined, '"start" db-1'],
    [`cancel? ${REQUEST}`, 'en', 'cancel?'],
    [`cancel ？${REQUEST}`, 'en', 'cancel'],
    ['start? db-1 the report', 'en', 'start?'],
    [`取消？${REQUEST}`, 'zh', '取消'],
  ])('%j begins with no word that is known', (text, language, word) => {
    expect(parseCommand(text)).toEqual({ language, command: unclear('unknown_word', word) })
  })

  test.each<[string, Spoken['language']]>([
    ['', undefined],
    ['@Startgate', undefined],
    ['help', 'en'],
    ['帮助', 'zh'],
  ])('%j asks for help in the language of its word, if it has one', (text, language) => {
    expect(parseCommand(text)).toEqual({ language, command: { kind: 'help' } })
  })

  test('a word that is said back is cut, and no letter in two', () => {
    expect(said('🦀'.repeat(65))).toEqual(unclear('unknown_word', `${'🦀'.repeat(64)}…`))
    expect(said('🦀'.repeat(64))).toEqual(unclear('unknown_word', '🦀'.repeat(64)))
  })
})

describe('whatever is said', () => {
  const [known, others] = [
    ['start', '启动', '查看', 'cancel', '取消', 'approve', '批准', 'list', 'help', '@', '<@U1>', '"', '“', '」', '`'],
    [INSTANCE, REQUEST, 'db-1', ' ', '，', ':', 'for', '因为', '\n', '\u202e', '\0', '\ud800', '请'],
  ]
  const words = fc.constantFrom(...known, ...others)
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(words, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.array(words, { maxLength: 12 }).map((parts) => parts.join(' ')),
  )

  test('it is a command or unclear, and never a yes', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const { language, command } = parseCommand(text)

        expect(['en', 'zh', undefined]).toContain(language)
        expect(['start', 'list', 'show', 'cancel', 'help', 'unclear']).toContain(command.kind)
        if (command.kind === 'start') {
          expect(command.what.trim()).not.toBe('')
          expect(command.reason).toBe(command.reason.trim())
          expect(command.reason).not.toMatch(/^$|\s\s|\n/)
        }
        if (command.kind === 'show' || command.kind === 'cancel') expect(command.request).toMatch(/^req_[0-9a-f]{32}$/)
        if (command.kind === 'unclear') expect(Array.from(command.word).length).toBeLessThanOrEqual(65)
      }),
      { numRuns: 2000 },
    )
  })

  test.each(['start', '启动', '开机'])('a plain reason behind %s stays as it was typed', (word) => {
    const reason = fc
      .array(fc.stringMatching(/^[\p{L}\p{N}().!?%]+$/u), { minLength: 1, maxLength: 8 })
      .map((parts) => parts.join(' '))
      .filter((text) => !/^(for|because|因为|原因|理由)/i.test(text) && lineSchema.safeParse(text).success)

    fc.assert(
      fc.property(reason, (text) => {
        expect(said(`${word} ${INSTANCE} ${text}`)).toEqual(start(INSTANCE, text))
      }),
    )
  })
})
