// The deps of both functions over a port that only hands calls on.
import { DURATIONS, type Durations } from '#core/durations.ts'
import type { Policy } from '#core/policy.ts'
import type { Telling } from '#core/telling.ts'
import type { GateDeps, StarterDeps } from '#flow/deps.ts'
import type { Messenger } from '#ports/messenger.ts'
import type { Clock } from '#ports/world.ts'
import { createSeededRandom } from '#support/memory/random.ts'
import type { Ledger } from '#simulation/ledger.ts'
import { AUDIENCE, PLACE, VERSIONS, type Version } from '#simulation/policies.ts'
import { createMemoryChat } from '#support/memory/chat.ts'
import type { Call } from './ports.ts'

export interface Setting {
  readonly ledger: Ledger
  readonly version?: Version
  readonly durations?: Partial<Durations>
  /** A fault of the gate or the starter, put in on purpose. */
  readonly bendGate?: (deps: GateDeps) => GateDeps
  readonly bendStarter?: (deps: StarterDeps) => StarterDeps
}

export type Hand = (call: Call) => Promise<unknown>

const HEARD = { ok: true } as const
const log = { info: () => {}, warn: () => {}, error: () => {} }
const [FIRST] = VERSIONS as readonly [Version, ...Version[]]

export function policyOf({ version = FIRST }: Setting): Policy {
  // Chats are one more place where the same is said: no law is about them.
  return { ...version.policy, chats: {} }
}

/** A starter that stays longer only looks more often; here it stays for one pause. */
export function durationsOf({ durations }: Setting): Durations {
  return { ...DURATIONS, follow: DURATIONS.lookEvery + 1, ...durations }
}

/** `seed`: no two processes draw the same ids. */
export function createDeps(
  setting: Setting,
  hand: Hand,
  clock: Clock,
  seed: number,
): { readonly gate: GateDeps; readonly starter: StarterDeps } {
  const { ledger, bendGate = same, bendStarter = same } = setting
  const port = <Port extends object>(name: Call['port']): Port =>
    new Proxy({} as Port, {
      get:
        (_target, method) =>
        (...args: readonly unknown[]) =>
          hand({ port: name, method: String(method), args }),
    })
  const common = {
    clock,
    random: createSeededRandom(seed),
    log,
    durations: durationsOf(setting),
    policy: policyOf(setting),
    audience: AUDIENCE,
    evidence: ledger.verifier,
    looks: port<GateDeps['looks']>('looks'),
    // A hint is never the truth: whoever it would wake begins at any time without it.
    hints: { send: async () => {} },
  }
  const gate: GateDeps = {
    ...common,
    asks: port('asks'),
    runs: port('runs'),
    open: port('open'),
    days: port('days'),
    messenger: { deliver: async (...told) => (isEnd(told[1]) ? port<Messenger>('messenger').deliver(...told) : HEARD) },
    chat: createMemoryChat(),
    publicUrl: 'https://start.example.com',
    ...PLACE,
    viewKey: { current: 'view-key-of-the-models-0123456789' },
  }
  const starter: StarterDeps = {
    ...common,
    asks: port('asks'),
    runs: port('runs'),
    open: port('open'),
    starts: port('starts'),
    build: 'model',
  }
  return { gate: bendGate(gate), starter: bendStarter(starter) }
}

/** No law is about what is told on the way: a step for each of its messages would only make the models larger. */
function isEnd(telling: Telling): boolean {
  return telling.kind === 'state' && telling.view.final
}

function same<Value>(value: Value): Value {
  return value
}
