// The in-memory ports as one process sees them: each call is two turns, before it has its effect and before its answer
// arrives, and may go wrong at both.
import type { StartAnswer, StartCall } from '#ports/instances.ts'
import type { Clock } from '#ports/world.ts'
import { oneIn } from './choices.ts'
import { drawFault, type SimulatedFault } from './faults.ts'
import type { Process } from './scheduler.ts'
import type { Town } from './town.ts'

export class LostError extends Error {
  override readonly name = 'LostError'
  readonly code = 'unclear'
}

export function clockOf({ scheduler }: Town, process: Process): Clock {
  return {
    now: () => Math.floor(scheduler.now() + process.skew),
    monotonic: () => scheduler.now(),
    sleep: (ms) => scheduler.turn(process, `wakes after ${ms} ms`, { from: scheduler.now() + ms }),
  }
}

/** Every method of the port by way of the scheduler. `within`: by when its answer has come or it has failed, ms. */
export function through<Port extends object>(
  town: Town,
  process: Process,
  name: string,
  port: Port,
  within: number,
): Port {
  return new Proxy(port, {
    get(target, method) {
      const real = Reflect.get(target, method) as unknown
      if (typeof real !== 'function') return real
      return (...args: unknown[]) =>
        call(town, process, `${name}.${String(method)}`, within, () => real.apply(target, args) as Promise<unknown>)
    },
  })
}

async function call(
  town: Town,
  process: Process,
  what: string,
  within: number,
  apply: () => Promise<unknown>,
): Promise<unknown> {
  const { scheduler } = town
  const by = { within: within / 2 }
  const fault = bend(town, process, what)
  await scheduler.turn(process, `${what}${fault === undefined ? '' : ` (${fault})`}`, by)
  if (fault === 'crash_before') return die(town, process)
  if (fault === 'lost_before') throw new LostError(`${what} was lost`)
  // The very next call is the one that is carried out here.
  if (fault === 'settled') town.calls.plan({ fault: { kind: 'lost', applied: oneIn(town.random, 2) } })
  const result = await apply()
  town.afterEffect()
  if (fault === 'crash_after') return die(town, process)
  await scheduler.turn(process, `${what} answered`, fault === 'late' ? { from: scheduler.now() + within / 2 } : by)
  if (fault === 'applied_then_lost') throw new LostError(`the answer to ${what} was lost`)
  return result
}

function bend(town: Town, process: Process, what: string): SimulatedFault | undefined {
  const fault = town.faultsCeased ? undefined : drawFault(town.random, town.weather)
  if (fault === undefined) return undefined
  town.bent.push(`${process.name} ${what}: ${fault}`)
  if (fault !== 'stall') return fault
  // It may take so long that the platform ends the process.
  process.stalledUntil = town.scheduler.now() + town.random.below(150_000)
  return undefined
}

function die(town: Town, process: Process): Promise<never> {
  town.scheduler.kill(process)
  return new Promise(() => {})
}

/** Hints never throw; one that went wrong is lost, doubled or late. */
export function hintsOf(
  town: Town,
  process: Process,
): { send(to: 'gate' | 'starter', request: string): Promise<void> } {
  return {
    async send(to, request) {
      await town.scheduler.turn(process, `hints ${to}`, { within: 1000 })
      const { hints } = town.weather
      if (hints === 'lost' || (hints === 'mixed' && oneIn(town.random, 3))) return
      town.hints.push({ to, request })
      if (hints === 'mixed' && oneIn(town.random, 4)) town.hints.push({ to, request })
    },
  }
}

const SDK_TIMEOUT = 46_000
const DEADLINE = 50_000

/**
 * What becomes of one StartInstance. `gone`: it never arrives. `lost`: it has its effect, and the answer is lost. `hangs`:
 * the SDK does not let go of it. `crash_…`: its sender dies, and it may have its effect all the same.
 */
type Fate = 'answered' | 'not_sent' | 'gone' | 'lost' | 'hangs' | 'crash_before' | 'crash_after' | StartAnswer

const answered = (code: string, status: number): StartAnswer => ({
  kind: 'answered',
  answer: { code, status, requestId: 'odd' },
})

const ROUGH: readonly Fate[] = [
  'not_sent',
  'gone',
  'lost',
  'hangs',
  'crash_before',
  'crash_after',
  answered('Throttling.User', 400),
  answered('OperationDenied.NoStock', 403),
  answered('SomethingNobodyKnows', 400),
  answered('Forbidden.SomethingElse', 403),
  answered('InternalError', 500),
]

/** Answers that prove that nothing happened, as the API page has them. */
const PROOFS: readonly string[] = [
  'Throttling.User',
  'OperationDenied.NoStock',
  'IncorrectInstanceStatus',
  'InvalidInstanceId.NotFound',
  'DryRunOperation',
]

export async function sendStart(town: Town, process: Process, start: StartCall): Promise<StartAnswer> {
  const { scheduler } = town
  const fate = drawFate(town)
  const name = typeof fate === 'string' ? fate : fate.kind
  const sent = town.judge.sent(start, process)
  if (fate !== 'answered') town.bent.push(`StartInstance: ${name}`)
  if (fate === 'hangs') return hang(town, process, start)
  if (fate === 'crash_before') town.orphan(start, scheduler.now() + town.random.below(SDK_TIMEOUT))
  await scheduler.turn(process, `StartInstance ${start.instanceId} (${name})`, { within: SDK_TIMEOUT / 2 })
  if (fate === 'not_sent') {
    sent.proven()
    return { kind: 'not_sent', detail: 'ECONNREFUSED' }
  }
  if (fate === 'crash_before') return die(town, process)
  const answer = typeof fate === 'object' ? fate : fate === 'gone' ? undefined : town.carryOut(start)
  if (fate === 'crash_after') return die(town, process)
  await scheduler.turn(process, 'StartInstance answered', { within: SDK_TIMEOUT / 2 })
  if (answer === undefined || fate === 'lost') return { kind: 'no_answer', detail: 'ECONNRESET' }
  if (answer.kind === 'answered' && PROOFS.includes(answer.answer.code)) sent.proven()
  return answer
}

function drawFate({ random, weather, faultsCeased }: Town): Fate {
  if (faultsCeased || weather.starts === 'smooth' || random.below(2) === 0) return 'answered'
  return ROUGH[random.below(ROUGH.length)] ?? 'answered'
}

/** It has its effect at once, when the process ends, or when it thaws. */
async function hang(town: Town, process: Process, start: StartCall): Promise<StartAnswer> {
  const { scheduler, random } = town
  await scheduler.turn(process, 'StartInstance hangs', { from: scheduler.now() + DEADLINE })
  town.hanging.set(process, start)
  if (oneIn(random, 2)) town.carryOut(start)
  return { kind: 'unsettled' }
}
