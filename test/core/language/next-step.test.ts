// Whatever becomes of a start, people read what to do next and who can do it.
import { describe, expect, test } from 'vitest'
import type { CatalogueEntry, Who } from '#core/catalogue-entry.ts'
import { CATALOGUE, lookUp } from '#core/catalogue.ts'
import { WORDS } from '#core/language/tables.ts'
import { findAnswerWords, sayAnswer } from '#core/say-state.ts'

const UNHEARD = [lookUp('Unheard.Code', 403), lookUp('Unheard.Code', 500)]
const ALL = [...CATALOGUE, ...UNHEARD].map((entry) => [`${entry.code} ${entry.status ?? ''}`, entry] as const)
/** A step begins with what to do: a verb of these, and 请 in Chinese. */
const STEP = {
  en: /^(Add|Ask|Attach|Change|Check|Choose|Enlarge|Free|Look|Put|Raise|Renew|Report|Request|See|Settle|Start|Stop) /,
  zh: /^请/,
}
const NO_STEP = { en: /there is nothing to do/i, zh: /无需/ }

function toAnswer({ code, status }: CatalogueEntry) {
  return status === undefined ? { code } : { code, status }
}

describe.each(['en', 'zh'] as const)('each answer, in %s,', (language) => {
  const { doneBy } = WORDS[language]

  test.each(ALL)('%s', (_name, entry) => {
    const { cure } = findAnswerWords(toAnswer(entry), language)
    const who = doneBy[entry.who]
    expect(
      sayAnswer(toAnswer(entry), language).endsWith(language === 'en' ? `${cure} ${who}`.trimEnd() : cure + who),
    ).toBe(true)
    expect(cure).toMatch(entry.who === 'nobody' ? NO_STEP[language] : STEP[language])
  })

  test('names everybody who can do something by a sentence of their own', () => {
    const { nobody, ...others } = doneBy
    expect(nobody).toBe('')
    expect(new Set(Object.values(others)).size).toBe(4)
    for (const sentence of Object.values(others)) expect(sentence).toMatch(/^.{6,60}[.。]$/)
  })
})

describe('who can do it', () => {
  test('is nobody only while the starter looks, or where all is well', () => {
    const idle = ALL.filter(([, { who }]) => who === 'nobody')
    expect(idle.every(([, { follow }]) => follow === 'look' || follow === 'passed')).toBe(true)
    expect(ALL.filter(([, { follow }]) => follow === 'look' || follow === 'passed')).toEqual(idle)
  })

  test('is the same wherever the same is meant', () => {
    const whos = new Map(CATALOGUE.map(({ means, who }) => [means, who]))
    expect(CATALOGUE.filter(({ means, who }) => whos.get(means) !== who)).toEqual([])
  })

  test('is somebody else for each kind of trouble', () => {
    const whoFor = (code: string): Who => lookUp(code, 403).who
    expect(['InsufficientBalance', 'OperationDenied.NoStock', 'Forbidden.RAM', 'InstanceChanged'].map(whoFor)).toEqual([
      'account',
      'operator',
      'keeper',
      'requester',
    ])
  })
})
