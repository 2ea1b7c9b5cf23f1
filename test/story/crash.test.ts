// The starter is killed at every cloud call of a start, before the call is carried out and after it. The sweep goes on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FaultRule } from '#infra/local/spine.ts'
import { deploy, type Deployment } from '#support/deployment.ts'
import {
  anInstance,
  askFor,
  callsFor,
  each,
  expectEnd,
  plan,
  playOut,
  startsOf,
  type Played,
  type PlannedFault,
} from '#support/play.ts'

interface Death {
  readonly call: string
  readonly at: (played: Played) => Omit<FaultRule, 'fault'>
  /** Where a rule cannot tell whose call it is, no other request is under way: those come before the others, or after. */
  readonly alone?: 'first' | 'last'
  /** How it ends, and how often StartInstance was called: killed before the call was carried out, and after it. */
  readonly ends: { readonly before: Ending; readonly after: Ending }
}

type Ending = readonly [state: 'running' | 'stuck', calls: number, starts: number]

const RUNNING: Ending = ['running', 1, 1]
/** Put as attempted, never sent: nobody but the dead starter knew. */
const NEVER_SENT: Ending = ['stuck', 0, 0]
const always = (ending: Ending) => ({ before: ending, after: ending })

const DEATHS: readonly Death[] = [
  {
    call: 'the put of `deployed`',
    at: () => ({ operation: 'PutRow', subject: 'runs (starter, ' }),
    alone: 'first',
    ends: always(RUNNING),
  },
  {
    call: 'reading asks',
    at: ({ id }) => ({ operation: 'GetRange', subject: `asks (${id}, ` }),
    ends: always(RUNNING),
  },
  {
    call: 'reading runs',
    at: ({ digest }) => ({ operation: 'GetRange', subject: `runs (${digest}, ` }),
    ends: always(RUNNING),
  },
  {
    call: 'looking at the instance',
    at: ({ instanceId }) => ({ operation: 'DescribeInstances', subject: instanceId }),
    ends: always(RUNNING),
  },
  {
    call: 'the put of `attempted`',
    at: ({ digest }) => ({ operation: 'PutRow', subject: `runs (${digest}, 1)` }),
    ends: { before: RUNNING, after: NEVER_SENT },
  },
  {
    call: 'reading asks again',
    at: ({ id }) => ({ operation: 'GetRange', subject: `asks (${id}, `, skip: 1 }),
    ends: always(NEVER_SENT),
  },
  {
    call: 'StartInstance',
    at: ({ instanceId }) => ({ operation: 'StartInstance', subject: instanceId }),
    ends: { before: ['stuck', 1, 0], after: RUNNING },
  },
  {
    call: 'the put of `accepted`',
    at: ({ digest }) => ({ operation: 'PutRow', subject: `runs (${digest}, 2)` }),
    ends: always(RUNNING),
  },
  {
    call: 'the hint that it was accepted',
    at: () => ({ operation: 'InvokeFunction' }),
    alone: 'last',
    ends: always(RUNNING),
  },
  {
    call: 'a later look',
    at: ({ instanceId }) => ({ operation: 'DescribeInstances', subject: instanceId, skip: 1 }),
    ends: always(RUNNING),
  },
  {
    call: 'the put of `running`',
    at: ({ digest }) => ({ operation: 'PutRow', subject: `runs (${digest}, 3)` }),
    ends: always(RUNNING),
  },
  {
    call: 'the hint that it runs',
    at: () => ({ operation: 'InvokeFunction', skip: 1 }),
    alone: 'last',
    ends: always(RUNNING),
  },
]

const CASES = DEATHS.flatMap((death) => (['before', 'after'] as const).map((moment) => ({ ...death, moment }))).map(
  (death, n) => ({ ...death, name: `${death.moment} ${death.call}`, instanceId: `i-bp1crash${n + 10}` }),
)
type Case = (typeof CASES)[number]

let deployment: Deployment
const played = new Map<string, Played & { readonly fault: PlannedFault }>()

/** Approves it, with the starter's death planned; what is left is for the sweep. */
async function kill({ name, at, moment }: Case, asked: Played): Promise<void> {
  const rule = { ...at(asked), role: 'starter' }
  const fault = plan(deployment, rule, { kind: 'crash', applied: moment === 'after' })
  played.set(name, { ...asked, fault })
  expect((await deployment.approve(asked.id)).status).toBe(200)
  await fault.hit()
}

beforeAll(async () => {
  deployment = await deploy({
    instances: CASES.map(({ instanceId }) => anInstance(instanceId)),
    timers: false,
  })
  const asked = await each(CASES, async (one) => [one, await askFor(deployment, one.instanceId)] as const)
  await deployment.functions.idle()
  const oneByOne = async (when: 'first' | 'last'): Promise<void> => {
    for (const [one, request] of asked.filter(([{ alone }]) => alone === when)) {
      await kill(one, request)
      await deployment.functions.idle()
    }
  }
  // What no hint told of is told by the timer, which misses nobody as long as it fires.
  const telling = setInterval(() => deployment.functions.fireTimer('gate', 'tell'), 1500)
  await oneByOne('first')
  const isStuck = ({ ends, moment }: Case): number => (ends[moment][0] === 'stuck' ? 1 : 0)
  // What is left alone for longest comes first.
  const others = asked.filter(([{ alone }]) => alone === undefined)
  await each(
    others.toSorted(([one], [other]) => isStuck(other) - isStuck(one)),
    async ([one, request]) => kill(one, request),
  )
  await deployment.functions.idle()
  await oneByOne('last')
  clearInterval(telling)
  await playOut(
    deployment,
    asked.map(([, request]) => request),
  )
}, 120_000)
afterAll(async () => deployment.close())

describe('the starter is killed', () => {
  const named = CASES.map((one) => [one.name, one] as const)

  test.each(named)('%s: one start at most, and an end that is known', async (name, { moment, ends }) => {
    const { fault, ...request } = played.get(name) ?? expect.fail('was not played')
    const [state, calls, starts] = ends[moment]
    expect(fault.hits()).toBe(1)
    await expectEnd(deployment, request, state)
    expect({
      calls: callsFor(deployment, request.instanceId),
      starts: startsOf(deployment, request.instanceId),
    }).toEqual({ calls, starts })
  })
})
