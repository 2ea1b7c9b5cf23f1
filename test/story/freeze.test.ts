// The starter stands still, or waits for ever, with a StartInstance half sent. The sweep, which knows nothing of it, goes on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DURATIONS, scaleDurations } from '#core/durations.ts'
import { parseRuns } from '#core/runs.ts'
import type { Outcome } from '#infra/local/fc/definition.ts'
import type { Fault } from '#infra/local/spine.ts'
import { deploy, TIME_SCALE, type Deployment } from '#support/deployment.ts'
import {
  anInstance,
  askFor,
  each,
  expectEnd,
  plan,
  playOut,
  startsOf,
  type Played,
  type PlannedFault,
} from '#support/play.ts'

const { startTimeout, startDeadline, functionTimeout, ownerGone, stillStopped } = scaleDurations(DURATIONS, TIME_SCALE)
/** Thawed while the platform still waits for it. */
const SHORT = (startDeadline + functionTimeout) / 2
/** Longer than the sweep leaves an attempt alone, and longer than it then looks before it gives up. */
const LONG = Math.max(functionTimeout + ownerGone, stillStopped) + 2500
const FOR_EVER = 600_000

type End = readonly [state: 'running' | 'stuck', starts: number]
interface Case {
  readonly name: string
  readonly fault: Fault
  readonly ends: End
  /** How the platform sees the invocation end. */
  readonly outcome: RegExp
  /** What the starter recorded itself about the answer; none when it was killed first. */
  readonly unclear?: RegExp
}

const DEADLINE = 'no answer before the deadline'
/** The SDK gave it up, not the starter. */
const BY_SDK = new RegExp(`^(?!${DEADLINE})`)

/** Nothing stands still: the connection is open, and silent. */
const SILENT: readonly Case[] = [
  {
    name: 'never answered, and never carried out: the SDK gives it up in time, and it is stuck',
    fault: { kind: 'delayed', ms: FOR_EVER, before: true },
    ends: ['stuck', 0],
    outcome: /^answered$/,
    unclear: BY_SDK,
  },
  {
    name: 'never answered, but carried out: the SDK gives it up in time, and it is seen running',
    fault: { kind: 'delayed', ms: FOR_EVER, before: false },
    ends: ['running', 1],
    outcome: /^answered$/,
    unclear: BY_SDK,
  },
  {
    name: 'an answer that begins and never ends: the SDK gives it up in time, and it is seen running',
    fault: { kind: 'truncated', stall: true },
    ends: ['running', 1],
    outcome: /^answered$/,
    unclear: BY_SDK,
  },
]

/** Stands still until the platform kills it, and longer. */
const KILLED: readonly Case[] = [
  {
    name: 'frozen before it is carried out, killed by the platform: stuck, although it lands in the end',
    fault: { kind: 'freeze', applied: false, ms: LONG },
    ends: ['stuck', 1],
    outcome: /^FunctionTimeout$/,
  },
  {
    name: 'frozen after it was carried out, killed by the platform: seen running',
    fault: { kind: 'freeze', applied: true, ms: LONG },
    ends: ['running', 1],
    outcome: /^FunctionTimeout$/,
  },
]

const THAWED: readonly Case[] = [
  {
    name: 'frozen before it is carried out, thawed in time: seen running',
    fault: { kind: 'freeze', applied: false, ms: SHORT },
    ends: ['running', 1],
    outcome: /^(answered|ProcessExited)$/,
    unclear: /./,
  },
  {
    name: 'frozen after it was carried out, thawed in time: seen running',
    fault: { kind: 'freeze', applied: true, ms: SHORT },
    ends: ['running', 1],
    outcome: /^(answered|ProcessExited)$/,
  },
]
/** What takes longest begins first. */
const CASES = [...KILLED, ...SILENT, ...THAWED].map((one, n) => ({ ...one, instanceId: `i-bp1freeze${n}` }))

interface Seen {
  readonly request: Played
  readonly outcome: string
  readonly planned: PlannedFault
}

let deployment: Deployment
const seen = new Map<string, Seen>()

/** Invoked by hand, so that it is known how the invocation ended. */
async function play({ name, fault, instanceId }: (typeof CASES)[number], onHit: () => void) {
  const request = await askFor(deployment, instanceId)
  expect((await deployment.approve(request.id)).status).toBe(200)
  const planned = plan(deployment, { operation: 'StartInstance', subject: instanceId }, fault)
  const invoked = deployment.functions.invoke('starter', { hint: request.id })
  await planned.hit()
  onHit()
  seen.set(name, { request, outcome: toWord(await invoked), planned })
}

function toWord(outcome: Outcome): string {
  return outcome.kind === 'failed' ? outcome.error.errorType : outcome.kind
}

beforeAll(async () => {
  deployment = await deploy({ instances: CASES.map(({ instanceId }) => anInstance(instanceId)), timers: false })
  const { functions, until, cloud } = deployment
  plan(deployment, { service: 'fc', subject: 'starter', times: null }, { kind: 'lost', applied: false })
  // The sweep begins when all have made their call: before, it would take them up itself.
  let made = 0
  let timer: NodeJS.Timeout | undefined
  const onHit = (): void => {
    made += 1
    if (made === CASES.length) timer = setInterval(() => functions.fireTimer('starter', 'sweep'), 1000)
  }
  // As many as the starter may have instances.
  await each(CASES, async (one) => play(one, onHit), 5)
  const late = CASES[0]?.instanceId ?? ''
  await until('the call that was frozen longest has landed', () => cloud.ecs.instances.starts(late)[0])
  clearInterval(timer)
  await playOut(
    deployment,
    [...seen.values()].map(({ request }) => request),
  )
}, 60_000)
afterAll(async () => deployment.close())

describe('a StartInstance', () => {
  test.each(CASES.map((one) => [one.name, one] as const))(
    '%s',
    async (name, { ends, outcome, unclear, instanceId }) => {
      const [state, starts] = ends
      const { request, planned, ...how } = seen.get(name) ?? expect.fail('was not played')
      expect(how.outcome).toMatch(outcome)
      await expectEnd(deployment, request, state)
      expect({ hits: planned.hits(), calls: planned.seen() }).toEqual({ hits: 1, calls: 1 })
      expect(startsOf(deployment, instanceId)).toBe(starts)
      if (unclear === undefined) return
      const { events, attempt } = parseRuns((await deployment.receipt(request.id)).runs)
      const answer = events.find(({ type }) => type === 'unclear')
      expect(answer).toMatchObject({ body: { answer: { code: 'NoAnswer', detail: expect.stringMatching(unclear) } } })
      // SDK, own deadline, function timeout: in this order.
      const after = (answer?.at ?? 0) - (attempt?.at ?? 0)
      expect(after).toBeGreaterThanOrEqual(startTimeout)
      expect(after).toBeLessThan(functionTimeout)
    },
  )

  test('is let go of before its starter answers; else the process ends', async () => {
    const unsettled = deployment.functions.logs('starter').filter(({ text }) => text.includes('start.unsettled'))
    const exited = [...seen.values()].filter(({ outcome }) => outcome === 'ProcessExited')
    expect(unsettled).toHaveLength(exited.length)
    const alive = deployment.functions.instances().map(({ id }) => id)
    for (const { instance } of unsettled) expect(alive).not.toContain(instance)
    for (const { request, outcome } of seen.values()) {
      if (outcome !== 'answered') continue
      const { runs } = await deployment.receipt(request.id)
      expect(JSON.stringify(runs)).not.toContain(DEADLINE)
    }
  })
})
