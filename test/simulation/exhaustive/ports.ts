// What the processes of a model share: the in-memory ports, and everything that can change them.
import type { StartAnswer, StartCall } from '#ports/instances.ts'
import type { Clock } from '#ports/world.ts'
import type { Telling } from '#core/telling.ts'
import { createMemoryBook, type MemoryBook } from '#support/memory/book.ts'
import { createMemoryDays, type MemoryDays } from '#support/memory/days.ts'
import { createMemoryInstances, type MemoryInstances } from '#support/memory/instances.ts'
import { createMemoryOpenSet, type MemoryOpenSet } from '#support/memory/open-set.ts'
import { PLACE } from '#simulation/policies.ts'

export const BEGIN = Date.UTC(2026, 10, 23, 9)
export const INSTANCE = 'i-plain0'

/** One call of a port. */
export interface Call {
  readonly port: 'asks' | 'runs' | 'open' | 'days' | 'looks' | 'starts' | 'messenger'
  readonly method: string
  readonly args: readonly unknown[]
}

/**
 * What becomes of a StartInstance. `throttled`, `not_sent`: it is proven to have done nothing. `lost`: done, and its answer
 * is lost. `on_its_way`: not answered, `unsettled`: not let go of, and it may be done later or never.
 */
export type Fate = 'answered' | 'throttled' | 'not_sent' | 'lost' | 'on_its_way' | 'unsettled'

export type Change =
  | { readonly do: 'call'; readonly call: Call; readonly fate?: Fate | undefined }
  | { readonly do: 'pass'; readonly ms: number }
  /** Before the model begins: time passes, and somebody starts or stops the instance by hand. */
  | { readonly do: 'leap'; readonly ms: number }
  | { readonly do: 'become'; readonly status: string }
  /** A StartInstance that was on its way is carried out. */
  | { readonly do: 'arrive' }
  /** Somebody hears that a request has ended so. */
  | { readonly do: 'hear'; readonly request: string; readonly state: string }

export interface Ports {
  readonly clock: Clock
  readonly asks: MemoryBook
  readonly runs: MemoryBook
  readonly open: MemoryOpenSet
  readonly days: MemoryDays
  readonly instances: MemoryInstances
  /** Every StartInstance that was sent, in order. */
  readonly sends: { readonly call: StartCall; readonly proven: boolean }[]
  readonly onItsWay: StartCall[]
  /** When a start took the instance out of Stopped, ms since the beginning. */
  readonly tookAt: number[]
  /** `<request> <state>` of every end that somebody heard of. */
  readonly heard: Set<string>
  /** Ms since the beginning. */
  at: number
  /** How often time has passed. */
  passes: number
}

export function createPorts(): Ports {
  const clock: Clock = {
    now: () => BEGIN + ports.at,
    monotonic: () => ports.at,
    sleep: async (ms) => void (ports.at += ms),
  }
  const ports: Ports = {
    clock,
    asks: createMemoryBook('asks'),
    runs: createMemoryBook('runs'),
    open: createMemoryOpenSet(),
    days: createMemoryDays(),
    instances: createMemoryInstances(clock),
    sends: [],
    onItsWay: [],
    tookAt: [],
    heard: new Set(),
    at: 0,
    passes: 0,
  }
  ports.instances.add({ ...PLACE, instanceId: INSTANCE, tags: { team: 'plain' } })
  return ports
}

/** The same changes on new ports lead to the same again. */
export async function perform(ports: Ports, change: Change): Promise<unknown> {
  switch (change.do) {
    case 'pass':
      ports.at += change.ms
      ports.passes += 1
      return undefined
    case 'leap':
      return void (ports.at += change.ms)
    case 'become':
      return ports.instances.change(INSTANCE, { status: change.status })
    case 'arrive':
      for (const call of ports.onItsWay.splice(0, 1)) carryOut(ports, call)
      return undefined
    case 'hear':
      return void ports.heard.add(`${change.request} ${change.state}`)
    case 'call':
      return performCall(ports, change.call, change.fate)
  }
}

async function performCall(ports: Ports, { port, method, args }: Call, fate: Fate = 'answered'): Promise<unknown> {
  switch (port) {
    case 'starts':
      return sendStart(ports, args[0] as StartCall, fate)
    case 'messenger': {
      const telling = args[1] as Telling
      if (telling.kind === 'state' && telling.view.final) ports.heard.add(`${telling.view.id} ${telling.view.state}`)
      return { ok: true }
    }
    default: {
      const target = port === 'looks' ? ports.instances.looks : ports[port]
      const real = Reflect.get(target, method) as (...given: readonly unknown[]) => Promise<unknown>
      return real(...args)
    }
  }
}

function sendStart(ports: Ports, call: StartCall, fate: Fate): StartAnswer {
  const answer = fate === 'answered' || fate === 'lost' ? carryOut(ports, call) : undefined
  if (fate === 'on_its_way' || fate === 'unsettled') ports.onItsWay.push(call)
  const proven = fate === 'throttled' || fate === 'not_sent' || (fate === 'answered' && answer?.kind !== 'accepted')
  ports.sends.push({ call, proven })
  switch (fate) {
    case 'throttled':
      return { kind: 'answered', answer: { code: 'Throttling.User', status: 400, requestId: 'throttled' } }
    case 'not_sent':
      return { kind: 'not_sent', detail: 'ECONNREFUSED' }
    case 'unsettled':
      return { kind: 'unsettled' }
    default:
      return fate === 'answered' && answer !== undefined ? answer : { kind: 'no_answer', detail: 'ECONNRESET' }
  }
}

function carryOut(ports: Ports, call: StartCall): StartAnswer {
  const before = ports.instances.effective.length
  const answer = ports.instances.carryOut(call)
  if (ports.instances.effective.length > before) ports.tookAt.push(ports.at)
  return answer.kind === 'accepted' ? { kind: 'accepted', requestId: 'accepted' } : answer
}

/** Equal keys, equal ports: whatever comes after is the same. */
export function keyOf(ports: Ports): string {
  const rows = [...ports.asks.rows(), ...ports.runs.rows()].map(({ stream, n, hash }) => `${stream} ${n} ${hash}`)
  const open = ports.open.entries().map((entry) => JSON.stringify(entry))
  return JSON.stringify([
    rows.toSorted(),
    open.toSorted(),
    ports.days.entries(),
    ports.sends.map(({ proven }) => proven),
    ports.onItsWay.length,
    ports.tookAt,
    [...ports.heard].toSorted(),
    ports.at,
    ports.passes,
  ])
}
