import { describe, expect, test } from 'vitest'
import { CATALOGUE } from '#core/catalogue.ts'
import { WORDS } from '#core/language/tables.ts'
import { isFinalState } from '#core/standing.ts'
import { RUN, sayFacts, saySentences, viewAt } from './everything.ts'

const HAN = /\p{Script=Han}/u
const [en, zh] = [saySentences('en'), saySentences('zh')]
const [enFacts, zhFacts] = [sayFacts('en'), sayFacts('zh')]
const BOTH = Object.keys(en).map((name) => [name, en[name] ?? '', zh[name] ?? ''] as const)
const FACTS = Object.keys(enFacts).map((name) => [name, enFacts[name] ?? '', zhFacts[name] ?? ''] as const)

/** What stays as it is: ids, times and what a person wrote, or a name without any words about it. */
const SAME = /^fact (instance|name|type|reason|not_before|expires) |^fact (requester [02]|charge 2)$/
const NAMES = ['alice', 'bob', 'carol', 'erin', 'deploy-bot', 'nightly', 'leads', 'finance', 'workers', 'ops-room']

/** What no translation may lose or add: numbers, times, ids, names, and the names of products, codes and members. */
function tokensOf(text: string): readonly string[] {
  const words = text.replaceAll('vCPUs', 'vCPU').match(/[A-Za-z0-9/][\w./:-]*\w|\d/g) ?? []
  const kept = words.filter(
    (word) => /\d|[a-z][A-Z]|^(?!I[DP]$|API$)[A-Z]{2,}$|^\/|-Key$/.test(word) || NAMES.includes(word),
  )
  return [...new Set(kept)].toSorted()
}

function namesOf(pairs: typeof BOTH, isWrong: (english: string, chinese: string) => boolean): readonly string[] {
  return pairs.filter(([, english, chinese]) => isWrong(english, chinese)).map((pair) => pair.join(' | '))
}

describe('the tables', () => {
  test('say the same things under the same names', () => {
    expect(Object.keys(zh)).toEqual(Object.keys(en))
    expect(Object.keys(zhFacts)).toEqual(Object.keys(enFacts))
    expect(BOTH.length).toBeGreaterThan(200)
  })

  test('say each sentence in its own language', () => {
    expect(namesOf(BOTH, (english, chinese) => HAN.test(english) || !HAN.test(chinese))).toEqual([])
  })

  test('say each fact in its own language, but for what nobody translates', () => {
    const same = FACTS.filter(([, english, chinese]) => english === chinese).map(([name]) => name)

    expect(same).toEqual(FACTS.map(([name]) => name).filter((name) => SAME.test(name)))
  })

  test('are made of words, with no slip of the program', () => {
    const slip = /undefined|null|NaN|\[object|=>|\$\{| {2}|^ | $|^$/

    expect(namesOf([...BOTH, ...FACTS], (english, chinese) => slip.test(english) || slip.test(chinese))).toEqual([])
  })

  test('have the same numbers, names and codes in both', () => {
    const codes = /^(Stopped|Running|KeepCharging|StopCharging|PostPaid|SpotWithPriceLimit)$/
    // Those that have another name in Chinese.
    const platforms = /^(DingTalk|Feishu)$/
    const lost = (english: string, chinese: string): boolean =>
      tokensOf(english).some((token) => !platforms.test(token) && !tokensOf(chinese).includes(token)) ||
      tokensOf(chinese).some((token) => !codes.test(token) && !tokensOf(english).includes(token))

    expect(namesOf([...BOTH, ...FACTS], lost)).toEqual([])
  })

  test('are set as Chinese is: a space between the scripts, and Chinese punctuation with none beside it', () => {
    const odd = [
      /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u,
      /[，。；：、（）“”] | [，。；：、（）“”]|\p{Script=Han} +\p{Script=Han}/u,
      /\p{Script=Han}[,.;:!?()"']|[,.;:!?()"']\p{Script=Han}/u,
    ]
    // One word in Alibaba Cloud's own documentation.
    const plain = (chinese: string): string => chinese.replaceAll('公网IP', '公网')

    expect(namesOf([...BOTH, ...FACTS], (_, chinese) => odd.some((form) => form.test(plain(chinese))))).toEqual([])
  })
})

describe('the Chinese words', () => {
  test('have one for an approver', () => {
    expect(namesOf([...BOTH, ...FACTS], (_, chinese) => /批准人|批准者|审批者/.test(chinese))).toEqual([])
  })

  test('say both how a spot instance is paid for and how its price is found, each with its code', () => {
    expect(zhFacts['fact charge 1']).toBe('按量付费（PostPaid）、设置上限价格的抢占式实例（SpotWithPriceLimit）')
  })
})

describe('the lines of the timeline', () => {
  const lines = BOTH.filter(([name]) => name.startsWith('event '))

  test('go on from the name before them, and end as a sentence does', () => {
    expect(lines.length).toBeGreaterThan(15)
    for (const [, english, chinese] of lines) {
      expect(english).toMatch(/^[a-z][^:]+.*\.$/)
      expect(chinese).toMatch(/^\p{Script=Han}.*。$/u)
    }
  })

  test('repeat what a person wrote in quotes', () => {
    const quoting = lines.filter(([, english]) => /^(asked|denied it:) |Because/.test(english))

    expect(quoting.length).toBeGreaterThan(3)
    for (const [, english, chinese] of quoting) expect([english, chinese].join()).toMatch(/“.+”\.,.*“.+”。$/)
  })
})

describe('the answers to StartInstance', () => {
  test('each meaning is that of some code', () => {
    const means = CATALOGUE.map((entry) => entry.means)

    expect(Object.keys(WORDS.en.answers).toSorted()).toEqual([...new Set(means)].toSorted())
  })

  test.each(Object.entries(WORDS.en.answers))('%s: what happened and what to do, a sentence each', (_, words) => {
    expect(words.says).toMatch(/^[A-Z].{10,120}\.$/)
    expect(words.cure).toMatch(/^[A-Z].{4,120}\.$/)
  })

  test.each(Object.entries(WORDS.zh.answers))('%s in Chinese too', (_, words) => {
    expect(words.says).toMatch(/^[^。]{4,60}。$/)
    expect(words.cure).toMatch(/^[^。]{4,60}。$/)
  })

  test('two that mean different things are not said alike', () => {
    for (const { answers } of [WORDS.en, WORDS.zh]) {
      expect(new Set(Object.values(answers).map(({ says }) => says)).size).toBe(Object.keys(answers).length)
    }
  })

  test('what nobody has heard of is shown with its code', () => {
    for (const { unheard } of [WORDS.en, WORDS.zh]) expect(unheard('Odd.Code').says).toContain('Odd.Code')
  })
})

describe('a view in both languages', () => {
  const [english, chinese] = [viewAt({}, 'en'), viewAt({}, 'zh')]

  test('has the same members and the same facts', () => {
    const { language, headline, facts, warnings, timeline, ...same } = english

    expect({ language, zh: chinese.language }).toEqual({ language: 'en', zh: 'zh' })
    expect(chinese).toEqual({
      ...same,
      language: 'zh',
      headline: expect.not.stringMatching(headline) as string,
      facts: facts.map(({ key }) => ({
        key,
        label: expect.stringMatching(HAN) as string,
        value: expect.any(String) as string,
      })),
      warnings: warnings.map(({ key }) => ({ key, text: expect.stringMatching(HAN) as string })),
      timeline: timeline.map(({ at, who }) => ({
        at,
        who: who.startsWith('the ') ? (expect.stringMatching(HAN) as string) : who,
        what: expect.stringMatching(HAN) as string,
      })),
    })
  })

  test('has the line that is signed in English, letter by letter', () => {
    expect(chinese.says).toBe(english.says)
    expect(chinese.says).not.toMatch(HAN)
  })

  test('tells every kind of row', () => {
    expect(english.timeline.length).toBeGreaterThan(Object.keys(RUN).length + 6)
    expect(isFinalState(english.state)).toBe(false)
  })
})
