// A whole deployment in one process: the real flow over in-memory ports, with a clock that only the test moves.
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { DURATIONS } from '#core/durations.ts'
import type { Proposal } from '#core/proposal.ts'
import { isRefused, type Refused } from '#core/refusal.ts'
import type { RequestId } from '#core/request-id.ts'
import type { Evidence } from '#core/statement.ts'
import { ask, type Asked, type Asker, type Wish } from '#flow/ask.ts'
import type { GateDeps, StarterDeps } from '#flow/deps.ts'
import { load, type Loaded } from '#flow/load.ts'
import { start } from '#flow/start.ts'
import { sweep } from '#support/sweep.ts'
import { tell, tellDue } from '#flow/tell.ts'
import { createMemoryBook, type MemoryBook } from './memory/book.ts'
import { createMemoryCalls, type MemoryCall, type MemoryCalls } from './memory/calls.ts'
import { createMemoryChat, type MemoryChat } from './memory/chat.ts'
import { createVirtualClock, type VirtualClock } from './memory/clock.ts'
import { createMemoryDays, type MemoryDays } from './memory/days.ts'
import { createMemoryHints, type MemoryHints } from './memory/hints.ts'
import { createMemoryInstances, type MemoryInstances } from './memory/instances.ts'
import { createRecordingLog, type RecordingLog } from './memory/log.ts'
import { createMemoryMessenger, type MemoryMessenger } from './memory/messenger.ts'
import { createMemoryOpenSet, type MemoryOpenSet } from './memory/open-set.ts'
import { createSeededRandom } from './memory/random.ts'
import { AUDIENCE, signAs, teamPolicy, type Person } from './team.ts'

export const INSTANCE = 'i-bp1reporting'
export const ASKER: Asker = { principal: 'alice', via: 'api', key: 'key-1' }
export const WISH = {
  accountId: '1234567890123456',
  regionId: 'cn-hangzhou',
  instanceId: INSTANCE,
  reason: 'The monthly report is due',
  initLocalDisk: false,
  dryRun: false,
  notBefore: null,
} satisfies Wish

export interface World {
  readonly calls: MemoryCalls
  readonly clock: VirtualClock
  readonly asks: MemoryBook
  readonly runs: MemoryBook
  readonly open: MemoryOpenSet
  readonly days: MemoryDays
  readonly hints: MemoryHints
  readonly instances: MemoryInstances
  readonly messenger: MemoryMessenger
  readonly chat: MemoryChat
  readonly log: RecordingLog
  readonly gate: GateDeps
  readonly starter: StarterDeps
  ask(wish?: Partial<Wish>, asker?: Partial<Asker>): Promise<Asked>
  /** Signs a statement about the recorded proposal, as this person would. */
  sign(person: Person, decision: 'approve' | 'deny', proposal: Proposal, reason?: string): Promise<Evidence>
  start(request: RequestId): ReturnType<typeof start>
  sweep(): ReturnType<typeof sweep>
  tell(request: RequestId): Promise<void>
  tellDue(): ReturnType<typeof tellDue>
  /** Carries out every hint that was sent, and those that these send, until there is none. */
  runHints(): Promise<void>
  load(request: RequestId): Promise<Loaded>
}

export interface WorldOptions {
  /** Holds a call up, or throws: the caller then dies before the call was made. */
  readonly gateway?: (call: MemoryCall) => Promise<void>
  readonly policy?: GateDeps['policy']
  readonly seed?: number
}

export function createWorld({ gateway, policy = teamPolicy(), seed = 1 }: WorldOptions = {}): World {
  const calls = createMemoryCalls(gateway)
  const clock = createVirtualClock()
  const [asks, runs] = [createMemoryBook('asks', calls), createMemoryBook('runs', calls)]
  const open = createMemoryOpenSet(calls)
  const days = createMemoryDays(calls)
  const hints = createMemoryHints(calls)
  const instances = createMemoryInstances(clock, calls)
  const messenger = createMemoryMessenger()
  const chat = createMemoryChat()
  const log = createRecordingLog()
  const random = createSeededRandom(seed)
  const common = {
    clock,
    random,
    log,
    durations: DURATIONS,
    policy,
    audience: AUDIENCE,
    evidence: createEvidenceVerifier(),
    looks: instances.looks,
    hints,
  }
  const viewKey = { current: 'view-key-of-the-tests-0123456789' }
  const gate: GateDeps = {
    ...common,
    asks,
    runs,
    open,
    days,
    messenger,
    chat,
    publicUrl: 'https://start.example.com',
    accountId: WISH.accountId,
    regionId: WISH.regionId,
    viewKey,
  }
  const starter: StarterDeps = { ...common, asks, runs, open, starts: instances.starts, build: 'test' }
  instances.add({ instanceId: INSTANCE, tags: { team: 'reporting' } })

  const world: World = {
    calls,
    clock,
    asks,
    runs,
    open,
    days,
    hints,
    instances,
    messenger,
    chat,
    log,
    gate,
    starter,
    ask: async (wish = {}, asker = {}) => accepted(await ask(gate, { ...ASKER, ...asker }, { ...WISH, ...wish })),
    sign: (person, decision, proposal, reason) =>
      signAs(person, { decision, proposal, at: clock.now(), ...(reason === undefined ? {} : { reason }) }),
    start: (request) => start(starter, request),
    sweep: () => sweep(starter),
    tell: (request) => tell(gate, request, 'hint'),
    tellDue: () => tellDue(gate),
    async runHints() {
      for (let hint = hints.sent.shift(); hint !== undefined; hint = hints.sent.shift()) {
        await (hint.to === 'gate' ? world.tell(hint.request) : world.start(hint.request))
      }
    },
    async load(request) {
      const loaded = await load(gate, request)
      if (loaded === undefined) throw new Error(`there is no request ${request}`)
      return loaded
    },
  }
  return world
}

export function accepted<Result extends object>(outcome: Result | Refused): Result {
  if (isRefused(outcome)) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`)
  return outcome
}
