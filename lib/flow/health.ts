// Whether the starter does its work, as the gate can see it from the record alone.
import { DEPLOYED_STREAM, deployedSchema } from '#core/deployed.ts'
import type { RequestId } from '#core/request-id.ts'
import type { ReadableBook } from '#ports/book.ts'
import type { ReadableOpenSet } from '#ports/open-set.ts'
import type { GateDeps } from './deps.ts'
import type { Loaded } from './load.ts'

export interface Health {
  readonly healthy: boolean
  /** One sentence for each thing that is wrong. */
  readonly problems: readonly string[]
  readonly open: number
}

/** However much is open, a check reads at most this many requests. */
const SAMPLE = 5

export interface HealthDeps extends Pick<GateDeps, 'clock' | 'random' | 'log' | 'durations' | 'policy'> {
  readonly asks: ReadableBook
  readonly runs: ReadableBook
  readonly open: ReadableOpenSet
}

export async function checkHealth(deps: HealthDeps): Promise<Health> {
  const [open, deployed] = await Promise.all([deps.open.all(), deps.runs.latest(DEPLOYED_STREAM)])
  const now = deps.clock.now()
  const waiting = open.filter(({ phase, notBefore }) => phase === 'start' && notBefore <= now)
  // By chance: whichever five came first could be waiting for people, and hide what waits for the starter for ever.
  const some = deps.random.shuffle(waiting).slice(0, SAMPLE)
  const loaded = some.length === 0 ? [] : await loadAll(deps, some)
  const idle = loaded.filter(
    (each) => each?.standing.state === 'ready' && now - each.standing.since > deps.durations.readyAlarm,
  )
  for (const each of idle) deps.log.error('starter.idle', { request: each?.proposal.request.id })
  const problems = [
    // Never which ones: an id lets one look, and this answer needs no credential.
    ...(idle.length > 0 ? ['something is approved, and the starter has not taken it up'] : []),
    ...(hasPolicy(deployed?.body, deps.policy.digest) ? [] : ['the starter was last deployed with another policy']),
  ]
  return { healthy: problems.length === 0, problems, open: open.length }
}

/** Most of the time nothing waits, and all that reads a request stays unloaded. */
async function loadAll(
  deps: HealthDeps,
  entries: readonly { readonly request: RequestId }[],
): Promise<readonly (Loaded | undefined)[]> {
  const { load } = await import('./load.ts')
  return Promise.all(entries.map(({ request }) => load(deps, request)))
}

/** A starter that never came up has put nothing, and says nothing about its policy. */
function hasPolicy(body: unknown, digest: string): boolean {
  if (body === undefined) return true
  const deployed = deployedSchema.safeParse(body)
  return deployed.success && deployed.data.policy === digest
}
