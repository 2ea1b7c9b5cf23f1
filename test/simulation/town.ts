// One deployment and everybody around it: what the functions share, what has been asked, signed and heard.
import { parseAsks } from '#core/asks.ts'
import { DURATIONS } from '#core/durations.ts'
import type { Proposal } from '#core/proposal.ts'
import type { RequestId } from '#core/request-id.ts'
import { parseRuns } from '#core/runs.ts'
import { foldStanding, type Standing } from '#core/standing.ts'
import type { StartAnswer, StartCall } from '#ports/instances.ts'
import { createMemoryBook, type MemoryBook } from '#support/memory/book.ts'
import { createMemoryCalls, type MemoryCalls } from '#support/memory/calls.ts'
import { createMemoryChat, type MemoryChat } from '#support/memory/chat.ts'
import { createMemoryDays } from '#support/memory/days.ts'
import { createMemoryInstances, type MemoryInstances } from '#support/memory/instances.ts'
import { createMemoryMessenger, type MemoryMessenger } from '#support/memory/messenger.ts'
import { createMemoryOpenSet, type MemoryOpenSet } from '#support/memory/open-set.ts'
import type { SeededRandom } from '#support/memory/random.ts'
import type { Days } from '#ports/days.ts'
import { oneIn } from './choices.ts'
import { drawWeather, type Weather } from './faults.ts'
import { createJudge, type Judge } from './judge.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { PLACE, VERSIONS, type Version } from './policies.ts'
import { createScheduler, type Process, type Scheduler } from './scheduler.ts'

const BEGIN = Date.UTC(2026, 10, 23, 9)
/** So few that a request soon has more than one. */
const PAGE_ROWS = 3

export interface Asked {
  readonly proposal: Proposal
  readonly digest: string
}

export interface Town {
  readonly random: SeededRandom
  readonly weather: Weather
  readonly scheduler: Scheduler
  readonly judge: Judge
  readonly ledger: Ledger
  readonly calls: MemoryCalls
  readonly asks: MemoryBook
  readonly runs: MemoryBook
  readonly open: MemoryOpenSet
  readonly days: Days
  readonly instances: MemoryInstances
  readonly messenger: MemoryMessenger
  readonly chat: MemoryChat
  readonly hints: { readonly to: 'gate' | 'starter'; readonly request: string }[]
  /** What is deployed where. */
  readonly versions: { gate: Version; starter: Version }
  /** What a starter that is at work was deployed with. */
  readonly deployedIn: Map<Process, Version>
  /** Requests that somebody was answered about, by id. */
  readonly asked: Map<RequestId, Asked>
  /** The request of each digest. */
  readonly digests: Map<string, RequestId>
  /** Everything that went wrong so far. */
  readonly bent: string[]
  /** StartInstance calls that a process has not let go of. */
  readonly hanging: Map<Process, StartCall>
  /** Requests that were ready, with an instance that can be started, when everything began to go well. */
  readonly due: Set<RequestId>
  /** An instance was made to boot in an unusual way, or to be changed by hand. */
  oddBoot: boolean
  /** A gate of a newer version has put a row. */
  newer: boolean
  faultsCeased: boolean
  /** Errors that ended processes. */
  readonly ends: unknown[]
  /** What did not hold. */
  readonly violations: string[]
  carryOut(call: StartCall): StartAnswer
  /** A call in flight whose sender has died: it has its effect at that time, or never. */
  orphan(call: StartCall, at: number): void
  /** Moves the time on by at most `ms`; calls in flight have their effect when their time comes. */
  pass(ms: number): Promise<void>
  standing(id: RequestId): Standing | undefined
  afterEffect(): void
}

export function createTown(random: SeededRandom, fixed: Partial<Weather>): Town {
  const weather = drawWeather(random, fixed)
  const calls = createMemoryCalls()
  const ends: unknown[] = []
  const scheduler = createScheduler({
    random,
    startAt: BEGIN,
    functionTimeout: DURATIONS.functionTimeout,
    onEnd: (_process, error) => {
      if (error !== undefined) ends.push(error)
    },
  })
  const clock = { now: scheduler.now, monotonic: scheduler.now, sleep: async () => {} }
  const orphans: { readonly call: StartCall; readonly at: number }[] = []
  const folded = new Map<RequestId, { readonly key: string; readonly books: Parameters<typeof foldStanding> }>()

  const town: Town = {
    random,
    weather,
    scheduler,
    calls,
    ledger: createLedger(),
    asks: createMemoryBook('asks', calls, PAGE_ROWS),
    runs: createMemoryBook('runs', calls, PAGE_ROWS),
    open: createMemoryOpenSet(calls),
    days: createMemoryDays(calls),
    instances: createMemoryInstances(clock, calls),
    messenger: createMemoryMessenger(),
    chat: createMemoryChat(),
    hints: [],
    versions: { gate: FIRST, starter: FIRST },
    deployedIn: new Map(),
    asked: new Map(),
    digests: new Map(),
    bent: [],
    hanging: new Map(),
    due: new Set(),
    oddBoot: false,
    newer: false,
    faultsCeased: false,
    ends,
    violations: [],
    get judge() {
      return judge
    },
    carryOut(call) {
      const before = town.instances.effective.length
      const answer = town.instances.carryOut(call)
      if (town.instances.effective.length > before) judge.took(call)
      return answer
    },
    orphan: (call, at) => void orphans.push({ call, at }),
    async pass(ms) {
      const until = scheduler.now() + Math.max(0, ms)
      for (;;) {
        const next = Math.min(until, ...orphans.map(({ at }) => at))
        const target = Math.max(next, scheduler.now())
        await scheduler.pass(target - scheduler.now())
        for (const orphan of orphans.splice(0)) {
          if (orphan.at > scheduler.now()) orphans.push(orphan)
          else if (oneIn(random, 2)) town.carryOut(orphan.call)
        }
        judge.look()
        // Somebody has to have their turn before it can go on.
        if (scheduler.now() < target || target >= until) return
      }
    },
    standing(id) {
      const asked = town.asked.get(id)
      if (asked === undefined) return undefined
      const [asks, runs] = [town.asks.stream(id), town.runs.stream(asked.digest)]
      const key = `${asks.length}.${runs.length}.${asks.at(-1)?.hash}`
      let found = folded.get(id)
      if (found?.key !== key) {
        const books = [parseAsks(asks), parseRuns(runs), 0, DURATIONS] as const
        found = { key, books: [...books] }
        folded.set(id, found)
      }
      const [a, r] = found.books
      return a.proposal === undefined ? undefined : foldStanding(a, r, scheduler.now(), DURATIONS)
    },
    afterEffect: () => judge.look(),
  }
  const judge = createJudge(town)
  for (const [index, team] of (['plain', 'plain', 'wipe'] as const).entries())
    town.instances.add({ ...PLACE, instanceId: `i-${team}${index}`, tags: { team } }, { startingMs: 20_000 })
  return town
}

const [FIRST] = VERSIONS as readonly [Version, ...Version[]]
