// Anybody posts anything, in any order and at once, to a deployment in memory; a model keeps who has truly said what.
import { lookUp } from '#core/catalogue.ts'
import type { Proposal } from '#core/proposal.ts'
import { isRefused } from '#core/refusal.ts'
import { isRequestId, type RequestId } from '#core/request-id.ts'
import { isFinalState } from '#core/standing.ts'
import { ask } from '#flow/ask.ts'
import { approve, cancel, deny } from '#flow/decide.ts'
import { dayOf, list } from '#flow/list.ts'
import { start } from '#flow/start.ts'
import { sweep } from '#support/sweep.ts'
import type { StartAnswer } from '#ports/instances.ts'
import { createSeededRandom } from './memory/random.ts'
import { ENTRANCES, type Order } from './orders.ts'
import { plantFault, type Planted } from './planted-faults.ts'
import { findLack, INSTANCES, isOpen, PLAYED, TAGS } from './played-rules.ts'
import { isSound, makeText } from './texts.ts'
import { createWorld, INSTANCE, WISH, type World } from './world.ts'

interface Truth {
  readonly proposal: Proposal
  readonly yes: Set<string>
  saidStopped: boolean
  /** The end that somebody was told of first. */
  end: string | undefined
}

export interface Played {
  /** What was wrong after the first step that went wrong. */
  readonly faults: readonly string[]
  readonly ends: readonly string[]
  /** The instances that were started. */
  readonly started: readonly string[]
}

export async function play(steps: readonly (readonly Order[])[], planted?: Planted): Promise<Played> {
  const pauses = createSeededRandom(steps.length)
  // Calls take their time, so that what is done at once meets in many ways.
  const gateway = async (): Promise<void> => {
    for (let left = pauses.below(5); left > 0; left -= 1) await Promise.resolve()
  }
  const world = createWorld({ policy: PLAYED, gateway })
  for (const [instanceId, team] of Object.entries(TAGS)) world.instances.add({ instanceId, tags: { team } })
  const sent: { readonly request: string; readonly dryRun: boolean; readonly at: number; mayHaveWorked: boolean }[] = []
  const truths: Truth[] = []
  const { gate, starter } = plantFault(world, planted)
  const starts: typeof starter.starts = {
    async start(call) {
      const entry = { request: call.request, dryRun: call.dryRun, at: world.clock.now(), mayHaveWorked: true }
      sent.push(entry)
      const answer = await starter.starts.start(call)
      entry.mayHaveWorked = !provesNothing(answer)
      return answer
    },
  }
  const counting = { ...starter, starts }
  const pick = (request: number): Truth | undefined => truths[request % truths.length]

  const carryOut = async (order: Order): Promise<void> => {
    switch (order.do) {
      case 'ask': {
        const { onBehalfOf, ...by } = ENTRANCES[order.by] ?? { principal: 'alice', via: 'api' }
        const wish = { ...WISH, instanceId: INSTANCES[order.instance] ?? INSTANCE, dryRun: order.dryRun }
        const asked = await ask(
          gate,
          { ...by, key: order.key },
          { ...wish, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
        )
        if (isRefused(asked) || truths.some(({ proposal }) => proposal.request.id === asked.proposal.request.id)) return
        truths.push({ proposal: asked.proposal, yes: new Set(), saidStopped: false, end: undefined })
        return
      }
      case 'decide': {
        const [truth, over] = [pick(order.request), pick(order.request + order.text.over)]
        if (truth === undefined || over === undefined) return
        const { id } = truth.proposal.request
        const evidence = makeText(order.text, over.proposal, world.clock.now())
        if (isSound(order.text) && over === truth && order.text.decision === 'approve') truth.yes.add(order.text.signer)
        if (order.as === 'approve') return void (await approve(gate, id, evidence))
        const answer = await deny(gate, id, evidence)
        if (!isRefused(answer) && answer.outcome === 'stopped') truth.saidStopped = true
        return
      }
      case 'cancel': {
        const truth = pick(order.request)
        if (truth === undefined) return
        const answer = await cancel(gate, truth.proposal.request.id, order.by)
        if (!isRefused(answer) && answer.outcome === 'stopped') truth.saidStopped = true
        return
      }
      case 'hint':
        return startOne(pick(order.request)?.proposal.request.id)
      case 'tell': {
        const id = pick(order.request)?.proposal.request.id
        return id === undefined ? undefined : world.tell(id)
      }
      case 'sweep':
        return void (await sweep(counting))
      case 'timer':
        return void (await world.tellDue())
      case 'pass':
        return world.clock.advance(order.ms)
      case 'change':
        return world.instances.change(INSTANCES[order.instance] ?? INSTANCE, { status: order.status })
      case 'expect':
        return world.instances.planStart(INSTANCES[order.instance] ?? INSTANCE, order)
    }
  }
  const startOne = async (id: RequestId | undefined): Promise<void> => {
    if (id !== undefined) await start(counting, id)
  }

  const findFaults = async (): Promise<readonly string[]> => {
    const faults: string[] = []
    const ends = await readEnds(world)
    for (const truth of truths) {
      const { proposal, yes, saidStopped } = truth
      const { id, instanceId, requester } = proposal.request
      const calls = sent.filter(({ request }) => request === id)
      const alone = requester.principal === 'deploy-bot' && requester.onBehalfOf === undefined
      const lack = findLack(instanceId, { saidYes: yes, mine: [requester.principal, requester.onBehalfOf], alone })
      if (calls.length > 0 && lack !== undefined) faults.push(`started with ${lack}`)
      if (calls.some(({ at }) => !isOpen(instanceId, at))) faults.push('started outside of its hours')
      const worked = calls.filter(({ mayHaveWorked, dryRun }) => mayHaveWorked && !dryRun)
      const effective = world.instances.effective.filter(({ request }) => request === id)
      if (worked.length > 1 || effective.length > 1) faults.push('started twice')
      if (saidStopped && worked.length > 0) faults.push('started, though somebody heard "stopped"')
      for (const [, state] of ends.filter(([of]) => of === id)) {
        truth.end ??= state
        if (state !== truth.end) faults.push(`${truth.end} was left for ${state ?? 'no end'}`)
      }
    }
    return faults
  }

  await carryOut({ do: 'ask', by: 0, instance: steps.length % INSTANCES.length, key: 'key-1', dryRun: false })
  let faults: readonly string[] = []
  for (const step of steps) {
    await Promise.all(step.map(carryOut))
    if (faults.length === 0) faults = await findFaults()
  }
  const ends = truths.map(({ end }) => end ?? 'open')
  return { faults, ends, started: world.instances.effective.map(({ instanceId }) => instanceId) }
}

function provesNothing(answer: StartAnswer): boolean {
  if (answer.kind === 'not_sent') return true
  return answer.kind === 'answered' && lookUp(answer.answer.code, answer.answer.status).provesNothingHappened
}

/** The end of each request as each reader sees it now; undefined where one sees none. What was not told yet says nothing. */
async function readEnds(world: World): Promise<readonly (readonly [string, string | undefined])[]> {
  const { items } = await list(world.gate, dayOf(world.clock.now()))
  const ids = [...new Set(world.asks.rows().map(({ stream }) => stream))].filter(isRequestId)
  const loaded = await Promise.all(ids.map((id) => world.load(id)))
  const read = [...items, ...loaded].map(
    ({ proposal, standing }) => [proposal.request.id, standing.final ? standing.state : undefined] as const,
  )
  const told = world.messenger.delivered.flatMap(({ telling }) =>
    telling.kind === 'state' && isFinalState(telling.view.state)
      ? [[telling.view.id, telling.view.state] as const]
      : [],
  )
  return [...read, ...told]
}
