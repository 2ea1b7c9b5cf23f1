// Whole flows through functions that are warm: somebody asks, somebody approves, it starts, and everybody is told. Over
// sockets, on the local cloud, without faults. The timers fire twenty times as often as deployed, and their calls count too.
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openInbox, type Heard, type Inbox } from '#bench/load/inbox.ts'
import { play } from '#bench/load/people.ts'
import { planArrivals, toInstance, type Arrival } from '#bench/load/plan.ts'
import { createTally, type Counts } from '#bench/load/tally.ts'
import { parseJson } from '#core/json.ts'
import { deploy, type Deployment } from '#support/deployment.ts'
import { median, quantile } from './stats.ts'

export interface Flows {
  readonly inFlight: number
  readonly flows: number
  readonly perSecond: number
  /** From the ask until the receiver has heard that it runs; ms. */
  readonly flowMs: { readonly median: number; readonly p95: number }
  readonly askMs: number
  readonly decideMs: number
  /** Processor time of the functions for each flow, ms. */
  readonly cpuMs: Readonly<Record<string, number>>
  /** Cloud calls for each flow, by service. */
  readonly calls: Counts
}

/** As in the load: more instances would only keep each other from the processors. */
const GATES = 6
const CPU = 'bench.cpu'

/** `count`: how many flows to measure. As many as run at once are played before, so that everything is warm. */
export async function measureFlows(inFlight: number, count: number): Promise<Flows> {
  const inbox = await openInbox()
  const tally = createTally()
  const cpu = { gate: 0, starter: 0 } as Record<string, number>
  const arrivals = planArrivals({ requests: count + inFlight, rate: 1, seed: 1 }).map(plain)
  const deployment = await deploy({
    instances: arrivals.map(toInstance),
    policy: (document) => ({
      ...document,
      receivers: { 'ops-room': { url: `${inbox.url}/ops-room` }, 'alice-inbox': { url: `${inbox.url}/alice-inbox` } },
    }),
    prepare: countCpu,
    onOperation: tally.call,
    onLog: (fn, { text }) => (cpu[fn] = (cpu[fn] ?? 0) + toCpuMs(text)),
    // Each start keeps one, and mostly waits; one more is for the timer.
    reservedConcurrency: { gate: GATES, starter: inFlight + 1 },
  })
  try {
    await playAll(deployment, inbox, arrivals.slice(0, inFlight), inFlight)
    const before = { cpu: { ...cpu }, calls: { ...tally.calls } }
    const begun = performance.now()
    const played = await playAll(deployment, inbox, arrivals.slice(inFlight), inFlight)
    const seconds = (performance.now() - begun) / 1000
    return {
      inFlight,
      flows: count,
      perSecond: count / seconds,
      flowMs: {
        median: median(played.map(({ ms }) => ms)),
        p95: quantile(
          played.map(({ ms }) => ms),
          0.95,
        ),
      },
      askMs: median(played.map(({ askMs }) => askMs)),
      decideMs: median(played.map(({ decideMs }) => decideMs)),
      cpuMs: perFlow(cpu, before.cpu, count),
      calls: perFlow(tally.calls, before.calls, count),
    }
  } finally {
    await deployment.close()
    await inbox.close()
  }
}

/** One person's own key, one approval, an instance that runs at once. */
function plain(arrival: Arrival): Arrival {
  return { ...arrival, entrance: 'api', course: 'approve', thinkMs: 0, bootMs: 0 }
}

interface PlayedFlow {
  readonly ms: number
  readonly askMs: number
  readonly decideMs: number
}

/** Settles when the functions have done all that came of it. */
async function playAll(
  deployment: Deployment,
  inbox: Inbox,
  arrivals: readonly Arrival[],
  inFlight: number,
): Promise<readonly PlayedFlow[]> {
  const left = [...arrivals]
  const played: PlayedFlow[] = []
  const one = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      played.push(await playFlow(deployment, inbox, next))
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  await deployment.functions.idle()
  return played
}

async function playFlow(deployment: Deployment, inbox: Inbox, arrival: Arrival): Promise<PlayedFlow> {
  const begun = performance.now()
  const { id, askMs = 0, decideMs, problem } = await play({ deployment, inbox, onRepeat: () => undefined }, arrival)
  if (id === undefined || problem !== undefined)
    throw new Error(`a flow went wrong: ${problem ?? 'it was not accepted'}`)
  const end = await hear(inbox, id)
  if (end?.state !== 'running') throw new Error(`${id} ended as ${end?.state ?? 'nothing in time'}`)
  return { ms: performance.now() - begun, askMs, decideMs: decideMs[0] ?? 0 }
}

/** Longer than the timers take to find what a lost hint left. */
const HEARS_WITHIN_MS = 120_000
const LOOK_EVERY_MS = 5

async function hear(inbox: Inbox, id: string): Promise<Heard | undefined> {
  const until = performance.now() + HEARS_WITHIN_MS
  for (;;) {
    const [end] = inbox.heard(id, 'ops-room')
    if (end !== undefined || performance.now() > until) return end
    await delay(LOOK_EVERY_MS)
  }
}

/** Puts a function around each function, which prints what processor time its process has used since it was last asked. */
async function countCpu(artifact: string): Promise<void> {
  for (const name of ['gate', 'starter']) {
    await rename(join(artifact, `${name}.mjs`), join(artifact, `${name}-as-built.mjs`))
    await writeFile(
      join(artifact, `${name}.mjs`),
      `import { handler as built } from './${name}-as-built.mjs'
      let last = 0
      export async function handler(event, context) {
        try {
          return await built(event, context)
        } finally {
          const { user, system } = process.cpuUsage()
          const ms = (user + system) / 1000
          console.log(JSON.stringify({ event: '${CPU}', ms: ms - last }))
          last = ms
        }
      }\n`,
    )
  }
}

function toCpuMs(text: string): number {
  const line = parseJson(text)
  const isCpu = typeof line === 'object' && line !== null && 'event' in line && line.event === CPU && 'ms' in line
  return isCpu ? Number(line.ms) : 0
}

function perFlow(now: Counts, before: Counts, flows: number): Counts {
  return Object.fromEntries(Object.entries(now).map(([name, count]) => [name, (count - (before[name] ?? 0)) / flows]))
}
