// The flows whose every call is failed: how each begins, and what makes it happen. People repeat what got no answer, with
// the same key or token.
import { randomUUID } from 'node:crypto'
import { DURATIONS, scaleDurations } from '#core/durations.ts'
import type { FinalState } from '#core/standing.ts'
import type { Answer } from './api.ts'
import { TIME_SCALE, type Deployment } from './deployment.ts'
import { askFor, type Played } from './play.ts'

export interface Flow {
  readonly name: string
  readonly role: 'gate' | 'starter'
  /** Brings a request to where the flow begins. */
  readonly prepare: (deployment: Deployment, instanceId: string) => Promise<Begun>
  /** All requests that it has led to; default: the one that `act` gave. */
  readonly made?: (deployment: Deployment, instanceId: string) => readonly Played[]
  /** What is still to do about each when the flow has ended. */
  readonly finish?: (deployment: Deployment, request: Played) => Promise<unknown>
  /** One invocation of it is for all requests that are there: none is undisturbed by the others' faults. */
  readonly together?: true
  /** Sentences: what people were not told in the end, besides the receivers. */
  readonly findUnsaid?: (deployment: Deployment, request: Played) => Promise<readonly string[]>
  /** Sentences: what may never be, besides what the record says. */
  readonly findNever?: (deployment: Deployment, request: Played) => readonly string[]
  readonly ends: FinalState
  /** Only so many of its calls are its own; the others are those of another flow. */
  readonly calls?: number
  /** How long its instances take to boot, ms; default 0. */
  readonly startingMs?: number
  /** Nowhere else are functions killed at its calls. */
  readonly kills?: true
}

interface Begun {
  /** None before it was asked for. */
  readonly request?: Played
  /** Makes the flow happen. */
  readonly act: () => Promise<Played>
}

const { tellAgain } = scaleDurations(DURATIONS, TIME_SCALE)

export const GATE_FLOWS: readonly Flow[] = [
  {
    name: 'ask',
    role: 'gate',
    prepare: async (deployment, instanceId) => ({ act: async () => askFor(deployment, instanceId) }),
    finish: takeBack,
    ends: 'cancelled',
  },
  {
    name: 'repeat of ask',
    role: 'gate',
    kills: true,
    async prepare(deployment, instanceId) {
      const again = async () => insist(deployment, () => deployment.ask({ instanceId }, 'alice', key))
      const key = randomUUID()
      const { id, digest } = (await again()).body
      const request = { id, digest, instanceId }
      const act = async () => {
        if ((await again()).body.id !== id) throw new Error('a repeat made another request')
        return request
      }
      return { request, act }
    },
    finish: takeBack,
    ends: 'cancelled',
  },
  {
    name: 'approve',
    role: 'gate',
    async prepare(deployment, instanceId) {
      const request = await askFor(deployment, instanceId)
      const token = await deployment.sign('bob', 'approve', request.id)
      const act = async () => {
        await insist(deployment, () => deployment.decide(request.id, 'approve', token))
        return request
      }
      return { request, act }
    },
    ends: 'running',
  },
  {
    name: 'deny',
    role: 'gate',
    async prepare(deployment, instanceId) {
      const request = await prepareApproved(deployment, instanceId)
      const token = await deployment.sign('carol', 'deny', request.id, 'not today')
      const act = async () => {
        expectStopped(await insist(deployment, () => deployment.decide(request.id, 'deny', token)))
        return request
      }
      return { request, act }
    },
    ends: 'denied',
  },
  {
    name: 'cancel',
    role: 'gate',
    async prepare(deployment, instanceId) {
      const request = await prepareApproved(deployment, instanceId)
      const act = async () => {
        await takeBack(deployment, request)
        return request
      }
      return { request, act }
    },
    ends: 'cancelled',
  },
  {
    name: 'tell by hint',
    role: 'gate',
    prepare: byHint('gate', prepareCancelled),
    ends: 'cancelled',
  },
  {
    name: 'tell by timer',
    role: 'gate',
    together: true,
    kills: true,
    async prepare(deployment, instanceId) {
      const request = await prepareCancelled(deployment, instanceId)
      const due = Date.now() + (tellAgain[0] ?? 0)
      const act = async () => {
        await deployment.until('telling is due again', () => Date.now() > due || undefined)
        await fire(deployment, 'gate', 'tell')
        return request
      }
      return { request, act }
    },
    ends: 'cancelled',
  },
]

export const STARTER_FLOWS: readonly Flow[] = [
  {
    name: 'start by hint, and following it',
    role: 'starter',
    prepare: byHint('starter', prepareApproved),
    ends: 'running',
  },
  {
    name: 'a new starter',
    role: 'starter',
    calls: 1,
    async prepare(deployment, instanceId) {
      const request = await prepareApproved(deployment, instanceId)
      const { functions } = deployment
      for (const { id, fn } of functions.instances()) if (fn === 'starter') functions.kill(id)
      const act = async () => {
        await functions.invoke('starter', { hint: request.id })
        return request
      }
      return { request, act }
    },
    ends: 'running',
  },
  {
    name: 'sweep',
    role: 'starter',
    kills: true,
    async prepare(deployment, instanceId) {
      const request = await prepareApproved(deployment, instanceId)
      const act = async () => {
        await fire(deployment, 'starter', 'sweep')
        return request
      }
      return { request, act }
    },
    ends: 'running',
  },
  {
    name: 'following a start by sweep',
    role: 'starter',
    kills: true,
    startingMs: 300,
    async prepare(deployment, instanceId) {
      const { until, cloud } = deployment
      const request = await prepareApproved(deployment, instanceId)
      await until('it runs', async () => {
        const { status } = cloud.ecs.instances.find(instanceId)?.phase ?? {}
        if (status === 'Stopped') await fire(deployment, 'starter', 'sweep')
        return status === 'Running' || undefined
      })
      const act = async () => {
        await fire(deployment, 'starter', 'sweep')
        return request
      }
      return { request, act }
    },
    ends: 'running',
  },
]

async function fire({ functions }: Deployment, fn: Flow['role'], timer: string): Promise<void> {
  functions.fireTimer(fn, timer)
  await functions.idle()
}

/** Until it is answered with something else than a fault. */
async function insist<Body>({ until }: Deployment, call: () => Promise<Answer<Body>>): Promise<Answer<Body>> {
  return until('a call is answered', async () => {
    const answer = await call()
    return answer.status >= 500 ? undefined : answer
  })
}

/** By then everybody may have been told, which also says that it is stopped. */
function expectStopped({ status, body }: Answer<{ outcome?: string; type?: string }>): void {
  const said = status === 200 ? body.outcome : body.type
  if (said !== 'stopped' && said !== 'urn:startgate:already_final') throw new Error(`a no was answered with ${said}`)
}

export async function takeBack(deployment: Deployment, { id }: Played): Promise<void> {
  const body = { reason: 'not needed' }
  const path = `/v1/start-requests/${id}/cancel`
  expectStopped(await insist(deployment, () => deployment.call('POST', path, { body, as: 'alice' })))
}

export async function sayYes(deployment: Deployment, { id }: Played): Promise<void> {
  const token = await deployment.sign('bob', 'approve', id)
  await insist(deployment, () => deployment.decide(id, 'approve', token))
}

/** `prepare`: brings a request to where the hint finds something to do. */
function byHint(
  role: Flow['role'],
  prepare: (deployment: Deployment, instanceId: string) => Promise<Played>,
): Flow['prepare'] {
  return async (deployment, instanceId) => {
    const request = await prepare(deployment, instanceId)
    const act = async () => {
      await deployment.functions.invoke(role, { hint: request.id })
      return request
    }
    return { request, act }
  }
}

/** Approved, and the starter has not heard of it. */
async function prepareApproved(deployment: Deployment, instanceId: string): Promise<Played> {
  const request = await askFor(deployment, instanceId)
  await deployment.functions.idle()
  await withoutHints(deployment, async () => sayYes(deployment, request))
  return request
}

/** Cancelled, and nobody was told. */
async function prepareCancelled(deployment: Deployment, instanceId: string): Promise<Played> {
  const request = await askFor(deployment, instanceId)
  await deployment.functions.idle()
  await withoutHints(deployment, async () => takeBack(deployment, request))
  return request
}

/** What was said in a chat is no hint. */
export async function withoutHints<Result>({ cloud }: Deployment, work: () => Promise<Result>): Promise<Result> {
  const { faults } = cloud.spine
  const planned = faults.add({
    service: 'fc',
    subject: '{"hint"',
    times: null,
    fault: { kind: 'lost', applied: false },
  })
  try {
    return await work()
  } finally {
    faults.clear(planned)
  }
}
