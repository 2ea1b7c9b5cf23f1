// What can happen next in a model: a process begins, has one of its calls carried out, or has its answer; time passes; a start
// that was on its way arrives.
import { DURATIONS } from '#core/durations.ts'
import { isRefused } from '#core/refusal.ts'
import type { Loaded } from '#flow/load.ts'
import type { Setting } from './deps.ts'
import type { Change, Fate } from './ports.ts'
import type { Actor, Calling, LocalProcess, Place } from './process.ts'
import type { Changed, Shared, Shares } from './shared.ts'

export interface Model extends Setting {
  /** What was there before the processes begin. */
  readonly before: readonly Change[]
  readonly processes: readonly Actor[]
  /** How time passes, each once and in this order, at any point; ms. Default: not at all. */
  readonly passes?: readonly number[]
  /** What may become of each StartInstance; default: it is answered. */
  readonly fates?: readonly Fate[]
}

interface Step {
  readonly by: string
  readonly shared: Shared
  readonly places: readonly Place[]
  readonly breach: string | undefined
}

export interface Stepper {
  readonly model: Model
  readonly shares: Shares
  readonly processes: readonly LocalProcess[]
  findFalse(actor: Actor, answer: unknown, shared: Shared): string | undefined
}

export async function stepsFrom(
  stepper: Stepper,
  { shared, places }: Pick<Step, 'shared' | 'places'>,
): Promise<readonly Step[]> {
  const { model, shares, processes } = stepper
  const steps: Step[] = []
  const { fates = ['answered'] } = model
  const passes = model.passes?.[shared.passes]
  for (const [index, process] of processes.entries()) {
    const place = places[index] ?? process.over
    const put = async (by: string, changed: Pick<Changed, 'after' | 'breach'>, to: Place): Promise<void> => {
      const { actor } = process
      const heard = await hear(stepper, process, changed, to)
      steps.push({
        by: `${actor.name}: ${by}`,
        shared: heard.after,
        places: places.with(index, heard.place),
        breach: heard.breach,
      })
    }
    const stay = { after: shared, breach: undefined }
    // While no time passes any more it is the same whether a process begins, or an answer arrives, now or with the next call.
    const held = passes !== undefined
    if (place.is === 'answered') await put('is answered', stay, await process.resume(place, shared.at))
    else if (place.is === 'unborn' && shared.passes >= (process.actor.after ?? 0)) {
      const born = await process.begin(shared.at)
      if (held || born.is !== 'calling') await put('begins', stay, born)
      else await call(born)
    } else if (place.is === 'calling') await call(place)

    async function call(from: Calling): Promise<void> {
      for (const [nth, made] of from.calls.entries()) {
        if (made === undefined) continue
        for (const fate of made.port === 'starts' ? fates : [undefined]) {
          const changed = await shares.change(shared, { do: 'call', call: made, fate })
          const answered = process.answer(from, nth, changed.result)
          const to = held ? answered : await process.resume(answered, shared.at)
          await put(`${made.port}.${made.method}${fate === undefined ? '' : ` (${fate})`}`, changed, to)
        }
      }
    }
  }
  if (passes !== undefined) {
    const { after, breach } = await shares.change(shared, { do: 'pass', ms: passes })
    const left = places.map((place, index) => (isTooOld(place, after) ? (processes[index]?.over ?? place) : place))
    steps.push({ by: `${passes / 1000} s pass`, shared: after, places: left, breach })
  }
  if (shared.onItsWay > 0) {
    const { after, breach } = await shares.change(shared, { do: 'arrive' })
    steps.push({ by: 'a start arrives', shared: after, places, breach })
  }
  return steps
}

/** The platform has ended it. */
function isTooOld(place: Place, { at }: Shared): boolean {
  return 'bornAt' in place && at - place.bornAt >= DURATIONS.functionTimeout
}

/** Whoever is answered is over, and what they heard stays. */
async function hear(
  { shares, findFalse }: Stepper,
  { actor, over }: LocalProcess,
  { after, breach }: Pick<Changed, 'after' | 'breach'>,
  place: Place,
): Promise<{ readonly after: Shared; readonly breach: string | undefined; readonly place: Place }> {
  if (breach !== undefined) return { after, breach, place }
  if (place.is === 'failed') return { after, breach: `${actor.name} fails: ${String(place.error)}`, place }
  if (place.is !== 'done') return { after, breach, place }
  const { answer } = place
  const wrong = findFalse(actor, answer, after)
  if (wrong !== undefined || !isLoaded(answer) || !answer.standing.final) return { after, breach: wrong, place: over }
  const { id } = answer.proposal.request
  return { ...(await shares.change(after, { do: 'hear', request: id, state: answer.standing.state })), place: over }
}

function isLoaded(answer: unknown): answer is Loaded {
  return typeof answer === 'object' && answer !== null && !isRefused(answer) && 'standing' in answer
}
