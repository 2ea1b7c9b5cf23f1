// A whole load: deploys the built artifact on the local cloud, lets everybody come, waits until the timers have finished
// what is left, and audits.
import { setTimeout as delay } from 'node:timers/promises'
import { parsePolicy, type Policy } from '#core/policy.ts'
import type { Operation } from '#infra/local/spine.ts'
import { deploy, type Deployment, type PolicyChange } from '#support/deployment.ts'
import { audit, type Audited } from './audit.ts'
import { startFaults } from './faults.ts'
import { openInbox, type Inbox } from './inbox.ts'
import { play, type Played } from './people.ts'
import { planArrivals, toInstance, toSchedule, type Arrival, type PlanOptions } from './plan.ts'
import { createTally, type Tally } from './tally.ts'

export interface LoadOptions extends PlanOptions {
  /** Of the calls that reach the local cloud, until the last decision is made. */
  readonly faultPercent: number
}

export interface Stand {
  readonly phase: 'deploying' | 'load' | 'drain' | 'audit'
  readonly begun: number
  readonly decided: number
  /** Not yet final and told. */
  readonly open: number
  readonly audited: number
}

export interface Loaded {
  readonly options: LoadOptions
  readonly audited: Audited
  readonly played: readonly Played[]
  readonly tally: Tally
  readonly messages: number
  /** Epoch ms: the first arrival could come, the last one came, the last decision was made, everything was final and told. */
  readonly times: Readonly<Record<'begun' | 'arrived' | 'decided' | 'drained' | 'audited', number>>
}

/** Two times of telling again lie at most 135 s apart at this scale: what is left after longer will not be finished. */
const STILL_MS = 150_000
const SHOW_EVERY_MS = 200
/** Functions get a processor's share each where they are deployed; here more of them would only keep each other waiting. */
const INSTANCES = { gate: 6, starter: 4 }

export async function runLoad(
  options: LoadOptions,
  onStand: (stand: Stand) => void = () => undefined,
): Promise<Loaded> {
  const arrivals = planArrivals(options)
  const tally = createTally()
  const inbox = await openInbox()
  const starts: Operation[] = []
  let givenUp = 0
  let renewFaults = (): void => undefined
  let policy: Policy | undefined
  let stand: Stand = { phase: 'deploying', begun: 0, decided: 0, open: 0, audited: 0 }
  onStand(stand)
  const deployment = await deploy({
    instances: arrivals.map(toInstance),
    policy: (document, place) => {
      const changed = forLoad(arrivals, inbox)(document, place)
      policy = toPolicy(changed)
      return changed
    },
    onOperation(operation) {
      tally.call(operation)
      if (operation.operation === 'StartInstance') starts.push(operation)
      renewFaults()
    },
    onLog(fn, { text }) {
      if (fn === 'gate' && text.startsWith('An asynchronous event is dropped')) givenUp += 1
      tally.log(text)
    },
    reservedConcurrency: INSTANCES,
  })
  const showing = setInterval(() => {
    stand = { ...stand, open: countOpen(deployment) }
    onStand(stand)
  }, SHOW_EVERY_MS)
  try {
    // All begin at once where nothing is measured yet.
    await Promise.all(Array.from({ length: INSTANCES.gate }, async () => deployment.call('GET', '/healthz')))
    const faults = startFaults(deployment.cloud.spine, options.faultPercent, options.seed)
    renewFaults = faults.renew
    const begun = Date.now()
    const playing: Promise<Played>[] = []
    stand = { ...stand, phase: 'load' }
    for (const arrival of arrivals) {
      const wait = begun + arrival.at - Date.now()
      if (wait > 0) await delay(wait)
      stand = { ...stand, begun: stand.begun + 1 }
      const one = play({ deployment, inbox, onRepeat: tally.repeat }, arrival)
      playing.push(one)
      void one.then(() => (stand = { ...stand, decided: stand.decided + 1 }))
    }
    const arrived = Date.now()
    const played = await Promise.all(playing)
    const decided = Date.now()
    faults.stop()
    stand = { ...stand, phase: 'drain' }
    await drain(deployment)
    const drained = Date.now()
    stand = { ...stand, phase: 'audit' }
    if (policy === undefined) throw new Error('nothing was deployed')
    const onAudited = (): void => void (stand = { ...stand, audited: stand.audited + 1 })
    const audited = await audit({ deployment, policy, inbox, played, calls: starts, givenUp, onAudited })
    const times = { begun, arrived, decided, drained, audited: Date.now() }
    return { options, audited, played, tally, messages: inbox.messages(), times }
  } finally {
    clearInterval(showing)
    await deployment.close()
    await inbox.close()
  }
}

/** By the timers alone, for as long as they get on. What is still open then is for the audit to say. */
async function drain(deployment: Deployment): Promise<void> {
  let least = countOpen(deployment)
  let since = Date.now()
  while (least > 0 && Date.now() < since + STILL_MS) {
    await delay(SHOW_EVERY_MS)
    const open = countOpen(deployment)
    if (open < least) {
      least = open
      since = Date.now()
    }
  }
  await deployment.functions.idle()
}

function countOpen({ cloud }: Deployment): number {
  return cloud.tablestore.rows('open').length
}

/** A schedule for each timer, receivers of its own, and a second attempt for what ECS turned away. */
function forLoad(arrivals: readonly Arrival[], inbox: Inbox): PolicyChange {
  const timers = arrivals.filter(({ entrance }) => entrance === 'timer')
  const schedules = timers.map((arrival) => {
    const ask = { instanceId: arrival.instanceId, reason: `Load ${arrival.n}` }
    return [toSchedule(arrival), { owner: 'alice', ask }] as const
  })
  return (document) => ({
    ...document,
    schedules: { ...(document['schedules'] as object), ...Object.fromEntries(schedules) },
    receivers: { 'ops-room': { url: `${inbox.url}/ops-room` }, 'alice-inbox': { url: `${inbox.url}/alice-inbox` } },
    rules: document.rules.map((rule) =>
      rule['name'] === 'reporting'
        ? {
            ...rule,
            attempts: 2,
            requesters: [...(rule['requesters'] as string[]), ...schedules.map(([name]) => name)],
          }
        : rule,
    ),
  })
}

function toPolicy(document: unknown): Policy {
  const parsed = parsePolicy(document)
  if (!parsed.ok) throw new Error(`the policy of the load is refused: ${JSON.stringify(parsed.faults)}`)
  return parsed.policy
}
