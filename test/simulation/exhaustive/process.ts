// One process of a model: the real flow, held at every call of a port. What it does next depends on nothing but the answers
// that it has had and when they came, so each place that it can come to is found out once and kept.
import type { Row } from '#core/row.ts'
import type { GateDeps, StarterDeps } from '#flow/deps.ts'
import { createDeps, type Setting } from './deps.ts'
import { BEGIN, type Call } from './ports.ts'

export type Actor = {
  readonly name: string
  /** What the record holds once this one was answered and not refused. */
  readonly leaves?: (rows: readonly Row[]) => boolean
  /** Begins only after time has passed so often; default 0. */
  readonly after?: number
  /** How far its clock is ahead, ms; default 0. */
  readonly skew?: number
} & (
  | { readonly gate: (deps: GateDeps) => Promise<unknown> }
  | { readonly starter: (deps: StarterDeps) => Promise<unknown> }
)

/** Where a process stands. */
export type Place = Idle | Calling | Answered | Done | Failed

interface At {
  readonly id: number
  readonly bornAt: number
}

interface Idle {
  readonly id: number
  /** `over`: it has died, or its answer was heard. */
  readonly is: 'unborn' | 'over'
}

export interface Calling extends At {
  readonly is: 'calling'
  /** Several that wait for their answers when it made them at once; undefined where one was answered. */
  readonly calls: readonly (Call | undefined)[]
}

/** One call of `from` has been carried out, and its answer is on its way; the others come after it. */
interface Answered extends At {
  readonly is: 'answered'
  readonly from: Calling
  readonly nth: number
  readonly result: unknown
}

interface Done extends At {
  readonly is: 'done'
  readonly answer: unknown
}

interface Failed extends At {
  readonly is: 'failed'
  readonly error: unknown
}

export interface LocalProcess {
  readonly actor: Actor
  readonly unborn: Place
  readonly over: Place
  begin(at: number): Promise<Place>
  answer(from: Calling, nth: number, result: unknown): Answered
  /** The answer arrives. */
  resume(answered: Answered, at: number): Promise<Place>
}

interface Answer {
  readonly nth: number
  readonly result: unknown
  readonly at: number
}

interface Path {
  readonly bornAt: number
  readonly answers: readonly Answer[]
}

/** A process at work, as far as it has come. */
interface Live {
  give(answer: Answer): Promise<void>
  stand(): Omit<Calling, keyof At> | Omit<Done, keyof At> | Omit<Failed, keyof At>
}

export function createProcess(actor: Actor, seed: number, setting: Setting): LocalProcess {
  const places = new Map<string, Place>()
  const paths = new Map<Place, Path>()
  const live = new Map<Place, Live>()
  const keep = (key: string, make: (id: number) => Place): Place => {
    const place = places.get(key) ?? make(places.size)
    places.set(key, place)
    return place
  }

  const launch = async (bornAt: number): Promise<Live> => {
    let at = bornAt
    let slept = 0
    let end: Omit<Done, keyof At> | Omit<Failed, keyof At> | undefined
    const calls: ({ readonly call: Call; readonly resolve: (result: unknown) => void } | undefined)[] = []
    const clock = {
      now: () => BEGIN + at + (actor.skew ?? 0),
      monotonic: () => at + slept,
      // What happens meanwhile happens before the call that follows.
      sleep: async (ms: number) => void (slept += ms),
    }
    const hand = (call: Call): Promise<unknown> => new Promise((resolve) => calls.push({ call, resolve }))
    const deps = createDeps(setting, hand, clock, seed)
    const work = 'gate' in actor ? actor.gate(deps.gate) : actor.starter(deps.starter)
    work.then(
      (answer) => (end = { is: 'done', answer }),
      (error: unknown) => (end = { is: 'failed', error }),
    )
    await settled()
    return {
      async give({ nth, result, at: then }) {
        at = then
        calls[nth]?.resolve(result)
        calls[nth] = undefined
        await settled()
      },
      stand: () => end ?? { is: 'calling', calls: calls.map((each) => each?.call) },
    }
  }

  const settle = async (key: string, path: Path, previous: Place | undefined): Promise<Place> => {
    const found = places.get(key)
    if (found !== undefined) return found
    let at = previous === undefined ? undefined : live.get(previous)
    const last = path.answers.at(-1)
    if (at !== undefined && previous !== undefined && last !== undefined) {
      live.delete(previous)
      await at.give(last)
    } else {
      at = await launch(path.bornAt)
      for (const answer of path.answers) await at.give(answer)
    }
    const place = keep(key, (id) => ({ id, bornAt: path.bornAt, ...at.stand() }))
    paths.set(place, path)
    if (place.is === 'calling') live.set(place, at)
    return place
  }

  return {
    actor,
    unborn: keep('unborn', (id) => ({ id, is: 'unborn' })),
    over: keep('over', (id) => ({ id, is: 'over' })),
    begin: (bornAt) => settle(`born ${bornAt}`, { bornAt, answers: [] }, undefined),
    answer(from, nth, result) {
      const place = keep(`${from.id} ${nth} ${keyOf(result)}`, (id) => ({
        ...from,
        id,
        is: 'answered',
        from,
        nth,
        result,
      }))
      if (place.is !== 'answered') throw new Error('two places have one name')
      return place
    },
    resume({ id, bornAt, from, nth, result }, at) {
      const answers = [...(paths.get(from)?.answers ?? []), { nth, result, at }]
      return settle(`${id} at ${at}`, { bornAt, answers }, from)
    },
  }
}

const keys = new WeakMap<object, string>()

/** Rows are told apart by their hashes. */
function keyOf(result: unknown): string {
  if (typeof result !== 'object' || result === null) return JSON.stringify(result) ?? ''
  const key =
    keys.get(result) ??
    JSON.stringify(result, (_name, value: unknown) => {
      if (value instanceof Map) return [...value]
      return typeof value === 'object' && value !== null && 'hash' in value && 'prev' in value ? value.hash : value
    })
  keys.set(result, key)
  return key
}

/** Whatever only waits for promises is done by then. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
