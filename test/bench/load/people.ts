// One arrival as its people live it: they ask, think, and decide, and say everything again until it is answered.
import { setTimeout as delay } from 'node:timers/promises'
import { requestIdSchema, type RequestId } from '#core/request-id.ts'
import * as z from '#core/zod.ts'
import type { HeldHead } from '#lib/cli/judge/check-books.ts'
import type { Answer, Shown, Summary } from '#support/api.ts'
import { CALLER_SECRET, type Deployment } from '#support/deployment.ts'
import { signAs, type Person } from '#support/team.ts'
import type { Inbox } from './inbox.ts'
import { persist, type OnRepeat } from './persist.ts'
import { toSchedule, type Arrival } from './plan.ts'

/** What the people of one arrival know at the end, besides what the record says. */
export interface Played {
  readonly arrival: Arrival
  /** Undefined: it was never accepted. */
  id?: RequestId
  /** What they were answered and can hold the record to. */
  readonly heads: HeldHead[]
  /** Who sent an approval, and when first; epoch ms. */
  readonly yeses: Map<Person, number>
  /** Somebody was told that nothing was started, and nothing will be. */
  stopped: boolean
  askMs?: number
  readonly decideMs: number[]
  /** What should not have happened to them. */
  problem?: string
}

export interface Stage {
  readonly deployment: Deployment
  readonly inbox: Inbox
  readonly onRepeat: OnRepeat
}

/** Longer than the gate takes to tell again of what it could not tell at once. */
const HEARS_WITHIN_MS = 180_000

/** Never throws: whatever goes wrong is in `problem`. */
export async function play(stage: Stage, arrival: Arrival): Promise<Played> {
  const played: Played = { arrival, heads: [], yeses: new Map(), stopped: false, decideMs: [] }
  try {
    const id = await (arrival.entrance === 'timer' ? askByTimer(stage, arrival) : ask(stage, played))
    if (id === undefined) return played
    played.id = id
    await delay(arrival.thinkMs)
    await decide(stage, played, id)
  } catch (error) {
    played.problem = error instanceof Error ? error.message : String(error)
  }
  return played
}

async function ask(stage: Stage, played: Played): Promise<RequestId> {
  const { deployment } = stage
  const { n, instanceId, entrance, forSomebody } = played.arrival
  const wish = { instanceId, reason: `Load ${n}` }
  const key = `load-${n}`
  const begun = Date.now()
  const answer = await persist<Summary>(stage.onRepeat, 'ask', () =>
    entrance === 'api'
      ? deployment.ask(wish, 'alice', key)
      : deployment.askByWebhook({ ...wish, ...(forSomebody && { onBehalfOf: 'alice' }) }, CALLER_SECRET, key),
  )
  if (answer.status >= 300) throw new Error(`the ask was refused: ${JSON.stringify(answer.body)}`)
  played.askMs = Date.now() - begun
  hold(played, answer.body)
  return answer.body.id
}

/** Nobody answers a timer: its owner is told by the gate what it asked for. */
async function askByTimer({ deployment, inbox }: Stage, arrival: Arrival): Promise<RequestId | undefined> {
  const schedule = toSchedule(arrival)
  const triggerTime = new Date().toISOString()
  const event = { triggerTime, triggerName: schedule, payload: JSON.stringify({ ask: schedule }) }
  await deployment.functions.invoke('gate', event, { async: true })
  return z.optional(requestIdSchema).parse(await inbox.requestFor(arrival.instanceId, HEARS_WITHIN_MS))
}

async function decide(stage: Stage, played: Played, id: RequestId): Promise<void> {
  const { course, entrance, forSomebody } = played.arrival
  const approve = async (): Promise<void> => {
    await say(stage, played, id, 'bob', 'approve')
    if (entrance === 'webhook' && !forSomebody) await say(stage, played, id, 'carol', 'approve')
  }
  switch (course) {
    case 'approve':
      return approve()
    case 'deny':
      return say(stage, played, id, 'carol', 'deny')
    case 'cancel':
      return cancel(stage, played, id, entrance === 'api' ? 'alice' : 'dave')
    case 'torn':
      await Promise.all([approve(), say(stage, played, id, 'carol', 'deny')])
  }
}

type Decided = Summary & { readonly outcome?: string }

async function say(
  stage: Stage,
  played: Played,
  id: RequestId,
  person: Person,
  decision: 'approve' | 'deny',
): Promise<void> {
  const begun = Date.now()
  const path = `/v1/start-requests/${id}`
  const shown = await persist<Shown>(stage.onRepeat, 'look', () => stage.deployment.call('GET', path))
  if (shown.status !== 200) throw new Error(`${id} was not shown: ${JSON.stringify(shown.body)}`)
  const { proposal } = shown.body
  const reason = decision === 'deny' ? { reason: 'not today' } : {}
  const evidence = await signAs(person, { proposal, decision, at: Date.now(), ...reason })
  if (decision === 'approve') played.yeses.set(person, Date.now())
  const decided = await persist<Decided>(stage.onRepeat, decision, () =>
    stage.deployment.decide(id, decision, evidence),
  )
  end(played, decision, decided, Date.now() - begun)
}

async function cancel(stage: Stage, played: Played, id: RequestId, as: Person): Promise<void> {
  const begun = Date.now()
  const path = `/v1/start-requests/${id}/cancel`
  const cancelled = await persist<Decided>(stage.onRepeat, 'cancel', () =>
    stage.deployment.call('POST', path, { body: {}, as }),
  )
  end(played, 'cancel', cancelled, Date.now() - begun)
}

/** Too late (409) is an answer too: what was said again may have been heard before, and a no may have won. */
function end(played: Played, what: string, { status, body }: Answer<Decided>, ms: number): void {
  if (status !== 200 && status !== 409) throw new Error(`${what} was refused: ${JSON.stringify(body)}`)
  played.decideMs.push(ms)
  if (status !== 200) return
  hold(played, body)
  played.stopped ||= body.outcome === 'stopped'
}

function hold({ heads }: Played, { head }: Summary): void {
  for (const book of ['asks', 'runs'] as const) if (head[book].n > 0) heads.push({ book, ...head[book] })
}
