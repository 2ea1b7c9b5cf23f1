// Every history of a few processes: at each point any of them may go on, time may pass, and any may be dead from there on.
//
// All histories of one length are gone through at once. Two that lead to the same shared value, with every process at the same
// place, have the same futures, since a place is all that its process has been answered so far; they go on as one point, and
// are counted. A process that died is one that does not go on any more: the laws are asked at every point, and from every
// point on the end is played without the processes, so each of them dies before and after each of its calls.
import { playEnd } from './end.ts'
import { findBreach, findBreachBetween, findFalseAnswer, readFacts, type Facts } from './laws.ts'
import type { Ports } from './ports.ts'
import { createProcess, type Place } from './process.ts'
import { createShares, type Shared } from './shared.ts'
import { stepsFrom, type Model, type Stepper } from './steps.ts'

export interface Explored {
  /** Ways to go on until all are done or dead. */
  readonly histories: number
  /** Where they lead through; what is the same after as many steps counts once. */
  readonly points: number
  /** Different values of what is shared. */
  readonly shared: number
  /** Of the first history that breaks a law: no other is shorter. */
  readonly breach: { readonly law: string; readonly history: readonly string[] } | undefined
}

interface Point {
  readonly shared: Shared
  readonly places: readonly Place[]
  histories: number
  readonly came: { readonly from: Point; readonly by: string } | undefined
}

export async function explore(model: Model): Promise<Explored> {
  const facts = new Map<Shared, Facts>()
  const ahead = Math.max(0, ...model.processes.map(({ skew = 0 }) => skew))
  const factsOf = (ports: Ports): Facts => readFacts(ports, model, ahead)
  const shares = await createShares(model.before, (ports, shared, before) => {
    const now = facts.get(shared) ?? factsOf(ports)
    facts.set(shared, now)
    const was = facts.get(before)
    return findBreach(now) ?? (was && findBreachBetween(was, now))
  })
  facts.set(shares.first, factsOf(await shares.build(shares.first)))
  const processes = model.processes.map((actor, index) => createProcess(actor, index + 2, model))
  const stepper: Stepper = {
    model,
    shares,
    processes,
    findFalse: (actor, answer, shared) => findFalseAnswer(actor.leaves, answer, facts.get(shared)),
  }

  const ended = new Set<Shared>()
  let [histories, points] = [0, 0]
  let frontier: readonly Point[] = [
    { shared: shares.first, places: processes.map(({ unborn }) => unborn), histories: 1, came: undefined },
  ]
  const broken = (law: string, point: Point): Explored => ({
    histories,
    points,
    shared: shares.count(),
    breach: { law, history: historyOf(point) },
  })
  while (frontier.length > 0) {
    const next = new Map<string, Point>()
    for (const point of frontier) {
      points += 1
      histories += point.histories
      if (!ended.has(point.shared)) {
        ended.add(point.shared)
        const law = await playEnd(model, await shares.build(point.shared), factsOf)
        if (law !== undefined) return broken(law, point)
      }
      for (const { by, shared, places, breach } of await stepsFrom(stepper, point)) {
        const came = { from: point, by }
        if (breach !== undefined) return broken(breach, { shared, places, histories: 1, came })
        const key = `${shared.id} ${places.map(({ id }) => id).join(' ')}`
        const led = next.get(key) ?? { shared, places, histories: 0, came }
        led.histories += point.histories
        next.set(key, led)
      }
    }
    frontier = [...next.values()]
  }
  return { histories, points, shared: shares.count(), breach: undefined }
}

function historyOf(point: Point): readonly string[] {
  return point.came === undefined ? [] : [...historyOf(point.came.from), point.came.by]
}
