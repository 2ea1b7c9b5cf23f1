import { describe, expect, it } from 'vitest'
import { toView } from '#adapters/web/summary.ts'
import type { Language } from '#core/language/language.ts'
import { PAGE_WORDS } from '#core/language/page-tables.ts'
import type { RequestId } from '#core/request-id.ts'
import type { State } from '#core/standing.ts'
import type { View } from '#core/view.ts'
import { toReadableInstant } from '#core/words.ts'
import { approve, deny } from '#flow/decide.ts'
import { createPrinter, toHeadText } from '#lib/cli/print.ts'
import { printProposal } from '#lib/cli/shown.ts'
import { accepted, type World } from '#support/world.ts'
import { createTestGate, type TestGate } from './gate.ts'
import { open, pagePolicy } from './opened-page.ts'

/** An ask, and what was done about it until it stood so. */
type Play = (world: World) => Promise<RequestId>

async function asked(world: World, wish: Parameters<World['ask']>[0] = {}): Promise<RequestId> {
  return accepted(await world.ask(wish)).proposal.request.id
}

async function approved(world: World, wish?: Parameters<World['ask']>[0]): Promise<RequestId> {
  const id = await asked(world, wish)
  const { proposal } = await world.load(id)
  accepted(await approve(world.gate, id, await world.sign('bob', 'approve', proposal, 'Agreed with finance')))
  return id
}

const PLAYS: Partial<Record<State, Play>> = {
  pending: async (world) => {
    world.instances.add({
      instanceId: 'i-bp1scratch',
      name: 'scratch <1> & "2"',
      tags: { team: 'scratch' },
      stoppedMode: 'StopCharging',
      chargeType: 'SpotAsPriceGo',
    })
    return asked(world, { instanceId: 'i-bp1scratch', initLocalDisk: true })
  },
  ready: approved,
  waiting: (world) => approved(world, { notBefore: world.clock.now() + 3_600_000 }),
  starting: async (world) => {
    world.instances.planStart('i-bp1reporting', { answer: { kind: 'no_answer', detail: 'lost' } })
    const id = await approved(world)
    await world.start(id)
    return id
  },
  running: async (world) => {
    const id = await approved(world)
    await world.start(id)
    return id
  },
  dry_run_passed: async (world) => {
    const id = await approved(world, { dryRun: true })
    await world.start(id)
    return id
  },
  denied: async (world) => {
    const id = await asked(world)
    const { proposal } = await world.load(id)
    accepted(await deny(world.gate, id, await world.sign('carol', 'deny', proposal, 'Not <today>')))
    return id
  },
  expired: async (world) => {
    const id = await asked(world)
    world.clock.shift(3_600_000)
    return id
  },
}

async function play(state: string, language: Language) {
  const gate: TestGate = createTestGate({ policy: pagePolicy() })
  const id = await PLAYS[state as State]?.(gate.world)
  if (id === undefined) throw new Error(`${state} has no play`)
  const loaded = await gate.world.load(id)
  const page = await open(gate, `/r/${id}`, { 'accept-language': language })
  return { view: toView(loaded, language), page, proposal: loaded.proposal, now: gate.world.clock.now() }
}

function textsOf({ facts, warnings, says, digest }: View): readonly string[] {
  return [...facts.flatMap(({ label, value }) => [label, value]), ...warnings.map(({ text }) => text), says, digest]
}

/** Blanks of any number are one, in a terminal's columns too. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

describe.each(['en', 'zh'] as const)('the page in %s', (language) => {
  it.each(Object.keys(PLAYS))('%s: shows everything that the view holds', async (state) => {
    const { view, page } = await play(state, language)
    expect(view.state).toBe(state)
    expect(page.textOf('state-word')).toBe(PAGE_WORDS[language].states[view.state])
    expect(page.textOf('headline')).toBe(plain(view.headline))
    for (const { key, label, value } of view.facts) expect(page.textOf(`fact-${key}`)).toBe(plain(`${label} ${value}`))
    for (const text of textsOf(view)) expect(page.text).toContain(plain(text))
    for (const { at, who, what } of view.timeline)
      expect(page.text).toContain(plain(`${toReadableInstant(at)} ${who} ${what}`))
    const { asks, runs } = view.heads
    expect([page.textOf('head-asks'), page.textOf('head-runs')]).toEqual([
      toHeadText('asks', asks),
      toHeadText('runs', runs),
    ])
    for (const name of [...view.approvals.by, ...(view.final ? [] : view.approvals.open)])
      expect(page.text).toContain(name)
  })
})

describe('page and terminal', () => {
  it.each(Object.keys(PLAYS))('%s: show the same facts', async (state) => {
    const { view, page, proposal, now } = await play(state, 'en')
    let printed = ''
    const output = { isTTY: false, write: (text: string) => void (printed += text) }
    printProposal(createPrinter(output, {}), proposal, now)
    const texts = textsOf(view)
    expect(texts.length).toBeGreaterThan(20)
    expect(texts.filter((text) => !plain(printed).includes(plain(text)))).toEqual([])
    expect(texts.filter((text) => !page.text.includes(plain(text)))).toEqual([])
  })
})
