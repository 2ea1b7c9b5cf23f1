// Invocations of the two functions: the real flow, on ports that go through the scheduler.
import { DURATIONS, SECOND } from '#core/durations.ts'
import type { RequestId } from '#core/request-id.ts'
import type { GateDeps, StarterDeps } from '#flow/deps.ts'
import { start, type Started } from '#flow/start.ts'
import { sweep } from '#support/sweep.ts'
import { tell, tellDue } from '#flow/tell.ts'
import type { Book } from '#ports/book.ts'
import type { Hints } from '#ports/hints.ts'
import type { Messenger } from '#ports/messenger.ts'
import type { MemoryBook } from '#support/memory/book.ts'
import { chatOf } from './chats.ts'
import { AUDIENCE, PLACE } from './policies.ts'
import { clockOf, hintsOf, sendStart, through } from './ports.ts'
import type { Process } from './scheduler.ts'
import type { Town } from './town.ts'

const RECORD = 2 * DURATIONS.recordTimeout
const log = { info: () => {}, warn: () => {}, error: () => {} }

function common(town: Town, process: Process) {
  const { random, ledger, versions } = town
  return {
    clock: clockOf(town, process),
    random,
    log,
    durations: DURATIONS,
    audience: AUDIENCE,
    evidence: ledger.verifier,
    looks: through(town, process, 'DescribeInstances', town.instances.looks, DURATIONS.lookTimeout),
    hints: hintsOf(town, process) as Hints,
    policy: versions[process.of === 'starter' ? 'starter' : 'gate'].policy,
  }
}

/** Whatever is put is seen by the judge before anybody else can act on it. */
function watched(town: Town, process: Process, book: MemoryBook): Book {
  return {
    ...book,
    async put(row) {
      const before = book.stream(row.stream).length
      const outcome = await book.put(row)
      if (book.stream(row.stream).length > before) town.judge.put(row, process)
      return outcome
    },
  }
}

export function gateDeps(town: Town, process: Process): GateDeps {
  const messenger: Messenger = {
    async deliver(receiver, telling) {
      const delivered = await town.messenger.deliver(receiver, telling)
      if (delivered.ok) town.judge.told(receiver, telling)
      return delivered
    },
  }
  return {
    ...common(town, process),
    asks: through(town, process, 'asks', watched(town, process, town.asks), RECORD),
    runs: through(town, process, 'runs', town.runs, RECORD),
    open: through(town, process, 'open', town.open, RECORD),
    days: through(town, process, 'days', town.days, RECORD),
    messenger: through(town, process, 'messenger', messenger, DURATIONS.deliverTimeout),
    chat: chatOf(town, process),
    publicUrl: 'https://start.example.com',
    ...PLACE,
    viewKey: { current: 'view-key-of-the-simulation-012345' },
  }
}

function starterDeps(town: Town, process: Process): StarterDeps {
  town.deployedIn.set(process, town.versions.starter)
  return {
    ...common(town, process),
    asks: through(town, process, 'asks', town.asks, RECORD),
    runs: through(town, process, 'runs', watched(town, process, town.runs), RECORD),
    open: through(town, process, 'open', town.open, RECORD),
    starts: { start: (call) => sendStart(town, process, call) },
    build: 'simulation',
  }
}

/** One of a few instances of a function, each with a wall clock of its own. */
export function drawSkew({ random, weather }: Town): number {
  return weather.skew === 0 ? 0 : Math.floor((random.below(3) / 2 - 0.5) * weather.skew)
}

export async function invokeGate(town: Town, name: string, work: (deps: GateDeps) => Promise<unknown>): Promise<void> {
  await town.scheduler.begin(name, 'gate', drawSkew(town), (process) => work(gateDeps(town, process)))
}

async function invokeStarter(town: Town, name: string, work: (deps: StarterDeps) => Promise<Started>): Promise<void> {
  await town.scheduler.begin(name, 'starter', drawSkew(town), async (process) => {
    const started = await work(starterDeps(town, process))
    const hanging = town.hanging.get(process)
    if (hanging === undefined) return
    // Ended, the process sends nothing any more than what is on its way. Frozen, it goes on at any later time.
    const within = started === 'unsettled' ? 5 * SECOND : 3_600 * SECOND
    town.orphan(hanging, town.scheduler.now() + town.random.below(within))
  })
}

export const timers = {
  sweep: (town: Town) => invokeStarter(town, 'sweep', async (deps) => (await sweep(deps)).started),
  tell: (town: Town) => invokeGate(town, 'tell timer', (deps) => tellDue(deps)),
}

/** The hint that has waited longest. */
export async function deliverOne(town: Town): Promise<void> {
  const hint = town.hints.shift()
  if (hint !== undefined) await deliverHint(town, hint)
}

export async function deliverHint(town: Town, { to, request }: Town['hints'][number]): Promise<void> {
  const id = request as RequestId
  if (to === 'gate') await invokeGate(town, 'told by a hint', (deps) => tell(deps, id, 'hint'))
  else await invokeStarter(town, 'started by a hint', (deps) => start(deps, id))
}
