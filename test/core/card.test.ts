import { describe, expect, test } from 'vitest'
import type { AskEntry } from '#core/asks.ts'
import { createCard, type Card } from '#core/card.ts'
import { DURATIONS, MINUTE } from '#core/durations.ts'
import { CHAT_WORDS } from '#core/language/chat-tables.ts'
import type { Language } from '#core/language/language.ts'
import type { RunEntry } from '#core/runs.ts'
import { foldStanding, isFinalState, type State } from '#core/standing.ts'
import { createView, type View } from '#core/view.ts'
import { STATES } from '#core/words.ts'
import {
  accepted,
  approved,
  aProposal,
  attempted,
  denied,
  NOW,
  REQUEST,
  someAsks,
  someRuns,
  stopped,
} from '#support/samples.ts'

const URL = 'https://start.example.com'
const PROPOSAL = aProposal({ rule: { approvals: 2 } })
const STOPPABLE: readonly State[] = ['pending', 'ready', 'waiting']

function viewOf(asks: readonly AskEntry[] = [], runs: readonly RunEntry[] = [], language: Language = 'en'): View {
  const [ask, run] = [someAsks(PROPOSAL, asks), someRuns(PROPOSAL, runs)]
  return createView(ask, run, foldStanding(ask, run, NOW + MINUTE, DURATIONS), language)
}

const decide = (view: View): Card => createCard(view, { publicUrl: URL, buttons: 'decide' })
const look = (view: View): Card => createCard(view, { publicUrl: URL, buttons: 'look' })
const inState = (state: State): View => ({ ...viewOf(), state, final: isFinalState(state) })
const factsOf = (card: Card): readonly string[] => card.facts.map(({ label, value }) => `${label}: ${value}`)

describe('createCard', () => {
  test('shows what people have to know to decide', () => {
    const view = viewOf()
    const card = decide(view)

    expect(card).toMatchObject({
      language: 'en',
      request: REQUEST,
      title: 'A start waits for approval',
      tone: 'waiting',
      headline: view.headline,
      warnings: [],
      footer: `${REQUEST} · asks:1:${view.heads.asks.hash.slice(0, 32)}`,
    })
    expect(factsOf(card)).toEqual([
      ...view.facts.map(({ label, value }) => `${label}: ${value}`),
      'Approved by: nobody yet (2 needed)',
      'May still approve: bob, carol, erin',
    ])
  })

  test('names who said yes, and who still can', () => {
    expect(factsOf(decide(viewOf([approved(PROPOSAL, 'bob')]))).slice(-2)).toEqual([
      'Approved by: bob (2 needed)',
      'May still approve: carol, erin',
    ])
  })

  test('says who approved it from then on, and at the end', () => {
    const yeses = [approved(PROPOSAL, 'bob'), approved(PROPOSAL, 'carol')]
    const [ready, runs] = [viewOf(yeses), { ...viewOf(yeses), state: 'running', final: true } as const]

    expect(ready.state).toBe('ready')
    for (const view of [ready, runs]) expect(factsOf(decide(view)).at(-1)).toBe('Approved by: bob, carol')
    expect(factsOf(decide(inState('expired'))).join()).not.toContain('Approved by')
  })

  test.each(['denied', 'cancelled'] as const)('names nobody who had said yes when it was %s', (state) => {
    const view = { ...viewOf([approved(PROPOSAL, 'bob')]), state }

    expect(factsOf(decide(view)).join()).not.toContain('Approved by')
  })

  test.each(STATES)('until when it is valid stands there as long as it matters: %s', (state) => {
    const shown = factsOf(decide(inState(state))).some((fact) => fact.startsWith('Valid until'))

    expect(shown).toBe(!isFinalState(state))
  })

  test('that nobody changes any more says as of when it is', () => {
    const card = createCard(viewOf(), { publicUrl: URL, buttons: 'look', asOf: '2026-11-23 17:01 Asia/Shanghai' })

    expect(factsOf(card).at(-1)).toBe('As of: 2026-11-23 17:01 Asia/Shanghai; this card does not change')
  })

  test('names nobody who still can when nobody can', () => {
    const view = viewOf()
    const nobody = { ...view, approvals: { ...view.approvals, open: [] } }

    expect(factsOf(decide(nobody)).at(-1)).toBe('Approved by: nobody yet (2 needed)')
  })

  test('has the warnings of the view', () => {
    const warnings = [{ key: 'spot', text: 'It is a spot instance.' }] as const

    expect(decide({ ...viewOf(), warnings }).warnings).toEqual(['It is a spot instance.'])
  })

  test('has the heads of both books once both have one', () => {
    const view = viewOf([approved(PROPOSAL, 'bob'), approved(PROPOSAL, 'carol')], [attempted(PROPOSAL), accepted()])
    const { asks, runs } = view.heads

    expect(decide(view).footer).toBe(`${REQUEST} · asks:3:${asks.hash.slice(0, 32)} · runs:2:${runs.hash.slice(0, 32)}`)
  })

  test('speaks the language of the view', () => {
    const card = decide(viewOf([approved(PROPOSAL, 'bob')], [], 'zh'))

    expect(card).toMatchObject({ language: 'zh', title: '启动请求待审批' })
    expect(factsOf(card).slice(-2)).toEqual(['已批准: bob（需要 2 人）', '可审批人: carol、erin'])
    expect(card.buttons.map(({ label }) => label)).toEqual(['查看并决定', '拒绝'])
  })
})

describe('each state', () => {
  test.each(STATES)('%s has a title of its own, and says who could still approve only while that matters', (state) => {
    const card = decide(inState(state))

    expect(card.title).toBe(CHAT_WORDS.en.card.titles[state])
    expect(factsOf(card).some((fact) => fact.startsWith('May still approve'))).toBe(state === 'pending')
  })

  test.each<[Card['tone'], readonly State[]]>([
    ['waiting', ['pending']],
    ['under_way', ['ready', 'waiting', 'expiring', 'stopping', 'starting']],
    ['good', ['running', 'satisfied', 'dry_run_passed']],
    ['bad', ['failed', 'stuck']],
    ['over', ['denied', 'cancelled', 'expired']],
  ])('%s', (tone, states) => {
    expect(STATES.filter((state) => decide(inState(state)).tone === tone)).toEqual(states)
  })
})

describe('the buttons', () => {
  const REVIEW = { kind: 'review', label: 'Review', url: `${URL}/r/${REQUEST}` }
  const LOOK = { ...REVIEW, label: 'Look' }

  test.each(STATES)('of %s are to decide only while that is possible', (state) => {
    const deny = { kind: 'deny', label: 'Deny', confirm: expect.stringContaining('final') as string }

    expect(decide(inState(state)).buttons).toEqual(STOPPABLE.includes(state) ? [REVIEW, deny] : [LOOK])
  })

  test.each(STATES)('of %s, for those who cannot decide, only look', (state) => {
    expect(look(inState(state)).buttons).toEqual([LOOK])
  })

  test('are gone but for looking once it is stopped', () => {
    const view = viewOf([denied(PROPOSAL, 'bob'), stopped()])

    expect(view.final).toBe(true)
    expect(decide(view)).toMatchObject({ tone: 'over', buttons: [LOOK] })
  })
})
