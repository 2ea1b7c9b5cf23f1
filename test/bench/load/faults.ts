// Faults of the local cloud: each call of a service goes wrong with the same probability, in a way drawn from the seed.
import type { LocalSpine } from '#infra/local/create-spine.ts'
import type { Fault, Service } from '#infra/local/spine.ts'
import { createChance, exponential, pick, type Chance, type Shares } from './plan.ts'

export interface Faults {
  /** To be called now and then, best after each call: what has befallen its call is followed by the next. */
  renew(): void
  stop(): void
}

const KINDS: Shares<Fault['kind']> = {
  lost: 30,
  error: 25,
  delayed: 20,
  truncated: 10,
  html: 5,
  crash: 5,
  freeze: 5,
  expired: 5,
}

/** As each service says that it is too busy; ECS also says so about a call that it carried out all the same. */
const ERRORS: Readonly<Record<Service, readonly Extract<Fault, { kind: 'error' }>[]>> = {
  ots: [
    { kind: 'error', status: 503, code: 'OTSServerBusy' },
    { kind: 'error', status: 503, code: 'OTSServerUnavailable' },
    { kind: 'error', status: 503, code: 'OTSTimeout', applied: true },
  ],
  ecs: [
    { kind: 'error', status: 400, code: 'Throttling' },
    { kind: 'error', status: 503, code: 'ServiceUnavailable' },
    { kind: 'error', status: 500, code: 'InternalError', applied: true },
  ],
  fc: [
    { kind: 'error', status: 429, code: 'ResourceExhausted' },
    { kind: 'error', status: 500, code: 'InternalServerError' },
  ],
}

const DELAYS_MS = [20, 200, 1500] as const
/** The last is longer than the platform waits for a function at this scale. */
const FREEZES_MS = [50, 50, 500, 500, 8000] as const

/** `percent` of the calls of each service. */
export function startFaults(spine: Pick<LocalSpine, 'faults'>, percent: number, seed: number): Faults {
  const chance = createChance(seed)
  const planned = new Map<string, Service>()
  const plan = (service: Service): void => {
    const fault = drawFault(chance, service)
    // The number of calls that go well before one does not.
    const skip = percent >= 100 ? 0 : Math.floor(exponential(chance, -1 / Math.log(1 - percent / 100)))
    planned.set(spine.faults.add({ service, skip, fault }), service)
  }
  if (percent > 0) for (const service of ['ots', 'ecs', 'fc'] as const) plan(service)
  return {
    renew() {
      for (const { id, hits } of spine.faults.list()) {
        const service = planned.get(id)
        if (hits === 0 || service === undefined) continue
        spine.faults.clear(id)
        planned.delete(id)
        plan(service)
      }
    },
    stop() {
      for (const id of planned.keys()) spine.faults.clear(id)
      planned.clear()
    },
  }
}

function drawFault(chance: Chance, service: Service): Fault {
  const applied = chance() < 0.5
  const kind = pick(chance, KINDS)
  switch (kind) {
    case 'lost':
    case 'crash':
      return { kind, applied }
    case 'truncated':
      return { kind, stall: chance() < 0.2 }
    case 'delayed':
      return { kind, ms: oneOf(chance, DELAYS_MS), before: applied }
    case 'html':
      return { kind, status: 502, applied }
    case 'freeze':
      return { kind, applied, ms: oneOf(chance, FREEZES_MS) }
    case 'expired':
      return { kind }
    case 'error':
      return oneOf(chance, ERRORS[service])
  }
}

function oneOf<Item>(chance: Chance, items: readonly Item[]): Item {
  const item = items[Math.floor(chance() * items.length)]
  if (item === undefined) throw new Error('there is nothing to choose from')
  return item
}
