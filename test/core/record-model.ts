// Both books, with the gate and the starter as the flow has them act on a request: each `yield` is a moment in which
// others may act, time may pass, or the actor may die.
import { parseAsks, type AskEntry, type Asks } from '#core/asks.ts'
import { DURATIONS, MINUTE } from '#core/durations.ts'
import { judgeFollow } from '#core/follow.ts'
import { digestProposal } from '#core/proposal.ts'
import { createRow, headOf, type Row } from '#core/row.ts'
import { parseRuns, type Next, type RunEntry, type Runs } from '#core/runs.ts'
import { canStop, foldStanding, type State } from '#core/standing.ts'
import { aProposal, approved, aStream, attempted, NOW, requested } from '#support/samples.ts'

export const PROPOSAL = aProposal({ request: { expiresAt: NOW + 4 * MINUTE } })
const { expiresAt } = PROPOSAL.request

/** What the model leaves to chance: how ECS answers, and what the starter finds when it looks. */
export interface Chance {
  readonly looks: 'startable' | 'refused' | 'satisfied'
  readonly answer: 'accepted' | 'again' | 'ended' | 'unclear' | 'applied_unclear'
  /** How far this actor's clock is ahead, ms. */
  readonly skew: number
}

/** Rules left out on purpose, to see that the model notices. */
export type Planted = 'no_second_reading' | 'runs_read_before_the_no' | 'stops_whatever_runs_says'

export interface Seen {
  readonly began: number
  readonly ended: number
  readonly state: State
  readonly final: boolean
}

export interface World {
  now: number
  /** Counts the steps of all actors. */
  step: number
  readonly asks: Row[]
  readonly runs: Row[]
  instance: 'Stopped' | 'Running'
  /** StartInstance calls that had an effect, or could have had one. */
  sent: number
  saidStopped: boolean
  readonly seen: Seen[]
  readonly planted: Planted | undefined
  /** Each book as it was read at a length: rows are only ever added. */
  readonly parsed: { readonly asks: Asks[]; readonly runs: Runs[] }
}

const FIRST = aStream({ book: 'asks', stream: PROPOSAL.request.id }, [requested(PROPOSAL), approved(PROPOSAL, 'bob')])
const STREAM = digestProposal(PROPOSAL)

export function createWorld(planted?: Planted): World {
  const books = { asks: [...FIRST], runs: [], parsed: { asks: [], runs: [] } }
  return { ...books, now: NOW, step: 0, instance: 'Stopped', sent: 0, saidStopped: false, seen: [], planted }
}

export type Act = Generator<undefined, Runs | 'taken' | void, undefined>
type Acting<Result> = Generator<undefined, Result, undefined>

/** A gate that takes down a no, and then finds out whether it came in time. */
export function* no(world: World, { skew }: Chance, kind: 'denied' | 'cancelled'): Act {
  const early = world.planted === 'runs_read_before_the_no' ? yield* readRuns(world) : undefined
  let asks = yield* readAsks(world)
  while (asks.no === undefined) {
    if (world.now + skew >= expiresAt) return
    const body = kind === 'denied' ? { approver: 'bob', reason: 'no' } : { by: 'alice' }
    const put = yield* putAsk(world, asks, skew, { type: kind, body })
    asks = put === 'taken' ? yield* readAsks(world) : put
  }
  yield* finishNo(world, skew, asks, early)
}

/** Somebody who looks, as every answer, page and telling does; a gate that tells also finishes a no that was left half-way. */
export function* observe(world: World, { skew }: Chance): Act {
  const began = world.step
  const now = world.now + skew
  const asks = yield* readAsks(world)
  const runs = yield* readRuns(world)
  const { state, final } = foldStanding(asks, runs, now, DURATIONS)
  world.seen.push({ began, ended: world.step, state, final })
  if (asks.no !== undefined && !asks.stopped && !final && canStop(runs)) yield* finishNo(world, skew, asks)
}

function* finishNo(world: World, skew: number, read: Asks, early?: Runs): Act {
  for (let asks = read; ; asks = yield* readAsks(world)) {
    const runs = early ?? (yield* readRuns(world))
    if (asks.stopped || !(canStop(runs) || world.planted === 'stops_whatever_runs_says')) return
    const put = yield* putAsk(world, asks, skew, { type: 'stopped', body: { runs: headOf(runs.rows) } })
    if (put === 'taken') continue
    world.saidStopped = true
    return
  }
}

/** A starter that a hint woke: it reads `asks` first. */
export function* hinted(world: World, chance: Chance): Act {
  const asks = yield* readAsks(world)
  yield* proceed(world, chance, asks, yield* readRuns(world))
}

/** A starter's sweep: it reads its own book first. */
export function* sweep(world: World, chance: Chance): Act {
  const runs = yield* readRuns(world)
  if (runs.next.do === 'look') return yield* follow(world, chance, runs)
  yield* proceed(world, chance, yield* readAsks(world), runs)
}

function* proceed(world: World, chance: Chance, asks: Asks, runs: Runs): Act {
  if (runs.next.do === 'none') return
  if (runs.next.do === 'look') return yield* follow(world, chance, runs)
  if (asks.no !== undefined) return yield* standDownForNo(world, chance, runs)
  if (runs.next.do === 'again' && world.now + chance.skew < runs.next.at) return
  yield
  if (world.now + chance.skew >= expiresAt) return
  if (chance.looks === 'startable') return yield* carryOut(world, chance, runs)
  const end = (next: Next): RunEntry =>
    chance.looks === 'satisfied'
      ? { type: 'satisfied', body: { status: 'Running', next } }
      : { type: 'refused', body: { answer: { code: 'InstanceChanged' }, next } }
  const confirming = yield* putRun(world, runs, chance, end({ do: 'confirm' }))
  if (confirming === 'taken') return
  const again = yield* readAsks(world)
  if (again.no !== undefined) return yield* standDownForNo(world, chance, confirming)
  yield* putRun(world, confirming, chance, end({ do: 'none' }))
}

function* standDownForNo(world: World, chance: Chance, runs: Runs): Act {
  if (runs.next.do === 'confirm') yield* putRun(world, runs, chance, STOOD_DOWN)
}

function* carryOut(world: World, chance: Chance, runs: Runs): Act {
  const begun = world.now
  const put = yield* putRun(world, runs, chance, attempted(PROPOSAL))
  if (put === 'taken') return
  const again = yield* readAsks(world)
  if (again.no !== undefined && world.planted !== 'no_second_reading')
    return yield* putRun(world, put, chance, STOOD_DOWN)
  if (world.now - begun > DURATIONS.attemptedToCall) {
    const next = { do: 'again', at: world.now } as const
    return yield* putRun(world, put, chance, { type: 'stood_down', body: { why: 'too_slow', next } })
  }
  // Sent in the same moment as the reading came back: nothing lies between them.
  const { entry, applied } = answerOf(chance, world.now)
  if (applied) world.sent += 1
  if (applied && world.instance === 'Stopped') world.instance = 'Running'
  const answered = yield* putRun(world, put, chance, entry)
  if (answered !== 'taken' && answered.next.do === 'look') yield* follow(world, chance, answered)
}

function* follow(world: World, chance: Chance, runs: Runs): Act {
  const { attempt, last } = runs
  if (attempt === undefined || last === undefined) return
  if (last.type === 'attempted') {
    if (world.now + chance.skew < attempt.at + DURATIONS.functionTimeout + DURATIONS.ownerGone) return
    if ((yield* readAsks(world)).stopped) return yield* putRun(world, runs, chance, STOOD_DOWN)
  }
  for (let second = false; ;) {
    yield
    const look = { status: world.instance, locks: [] }
    const verdict = judgeFollow({ runs, look, now: world.now + chance.skew, durations: DURATIONS, second })
    if ('put' in verdict) return yield* putRun(world, runs, chance, verdict.put)
    if (verdict.wait === 'later') return
    second = true
  }
}

const STOOD_DOWN: RunEntry = { type: 'stood_down', body: { why: 'stopped', next: { do: 'none' } } }

function answerOf({ answer }: Chance, now: number): { readonly entry: RunEntry; readonly applied: boolean } {
  const busy = { code: 'IncorrectInstanceStatus' }
  switch (answer) {
    case 'accepted':
      return { entry: { type: 'accepted', body: { requestId: 'r', next: { do: 'look' } } }, applied: true }
    case 'again':
      return { entry: { type: 'refused', body: { answer: busy, next: { do: 'again', at: now } } }, applied: false }
    case 'ended':
      return { entry: { type: 'refused', body: { answer: busy, next: { do: 'none' } } }, applied: false }
    case 'unclear':
    case 'applied_unclear': {
      const body = { answer: { code: 'NoAnswer' }, next: { do: 'look' } } as const
      return { entry: { type: 'unclear', body }, applied: answer === 'applied_unclear' }
    }
  }
}

function* readAsks({ asks, parsed }: World): Acting<Asks> {
  yield
  return (parsed.asks[asks.length] ??= parseAsks([...asks]))
}

function* readRuns({ runs, parsed }: World): Acting<Runs> {
  yield
  return (parsed.runs[runs.length] ??= parseRuns([...runs]))
}

function* putAsk(
  world: World,
  asks: Asks,
  skew: number,
  { type, body }: { readonly type: AskEntry['type']; readonly body: object },
): Acting<Asks | 'taken'> {
  const at = world.now + skew
  yield
  const actor = { function: 'gate' } as const
  const content = { book: 'asks', stream: PROPOSAL.request.id, id: `${world.step}`, type, at, actor, body } as const
  const row = createRow(content, headOf(asks.rows))
  if (world.asks.length >= row.n) return 'taken'
  world.asks.push(row)
  yield
  return parseAsks([...asks.rows, row])
}

function* putRun(world: World, runs: Runs, { skew }: Chance, { type, body }: RunEntry): Acting<Runs | 'taken'> {
  const at = world.now + skew
  yield
  const actor = { function: 'starter' } as const
  const row = createRow({ book: 'runs', stream: STREAM, id: `${world.step}`, type, at, actor, body }, headOf(runs.rows))
  if (world.runs.length >= row.n) return 'taken'
  world.runs.push(row)
  yield
  return parseRuns([...runs.rows, row])
}
