// A deployment whose gate was taken over: it goes on serving, and writes, invokes and tries whatever it is told.
import { randomBytes } from 'node:crypto'
import { copyFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { columnsOf, keyOf } from '#adapters/tablestore/stored-event.ts'
import { digestOf } from '#core/digest.ts'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import type { RequestId } from '#core/request-id.ts'
import { createRow, headOf, type Row } from '#core/row.ts'
import type { InstanceInput } from '#infra/local/ecs/instance-definition.ts'
import type { Outcome } from '#infra/local/fc/definition.ts'
import type { Operation } from '#infra/local/spine.ts'
import { deploy, type Deployment, type PolicyChange } from './deployment.ts'
import { signAs, type JwsEvidence, type Person } from './team.ts'

interface Place {
  readonly table: string
  readonly key: Readonly<Record<string, string | number>>
}

/** One thing that the gate is made to do, under its own role. */
export type Deed =
  | { readonly put: Place & { readonly columns: Readonly<Record<string, string | number>> } }
  | { readonly remove: Place }
  /** An instance id. */
  | { readonly start: string }
  | { readonly invoke: { readonly function: 'gate' | 'starter'; readonly event: string } }

/** A row of `asks` as the gate makes it up: any type, any body. */
export interface Entry {
  readonly type: string
  readonly body: unknown
}

/** An honest request and a sound approval of it, which the starter has not seen yet. */
export interface SignedRequest {
  readonly id: RequestId
  readonly proposal: Proposal
  readonly evidence: JwsEvidence
  readonly instanceId: string
}

export interface Hostile extends Deployment {
  /** `done`, or the code of the refusal, one for each. */
  carryOut(deeds: readonly Deed[]): Promise<readonly string[]>
  /** Asks by the API for an instance that nobody asked for yet, and signs as bob. */
  askAndSign(wish?: Readonly<Record<string, unknown>>, as?: Person): Promise<SignedRequest>
  /**
   * Writes these rows over the stream, its chain made right, and points the starter at it by each of the digests. What
   * was there beyond them is overwritten with what means nothing.
   */
  forge(id: RequestId, entries: readonly Entry[], digests?: readonly string[]): Promise<void>
  /** Takes the pointers away, so that later sweeps have less to look through. */
  forget(id: RequestId): Promise<void>
  hint(id: string): Promise<Outcome>
  sweep(): Promise<Outcome>
  /** Everything that makes the starter look, at once. */
  provoke(id: RequestId): Promise<void>
  /** The types of the rows that the starter put about this proposal. */
  runsOf(proposal: Proposal): readonly unknown[]
  /** The StartInstance calls, also those refused, that were made since the mark. */
  startCalls(mark: number): readonly Operation[]
}

const FIXTURE = new URL('../fixtures/hostile/gate.mjs', import.meta.url).pathname
/** An honest entry lies in the shard of its id; the starter reads them all. */
const SHARDS = ['x', 'y']
const SWEEP = { triggerTime: '2026-11-23T00:00:00Z', triggerName: 'sweep', payload: '{"job":"sweep"}' }

/** `wish.team` chooses the rule. */
export async function deployHostile(count: number, policy: PolicyChange = (same) => same): Promise<Hostile> {
  const instances = Array.from({ length: count }, (_, n) => toInstance(n))
  // Sweeps are fired by the tests: all that passes here is the while before the starter looks.
  const deployment = await deploy({ instances, policy, timers: false, timeScale: 10, prepare: takeOver })
  const { functions, cloud, ask, show } = deployment
  const free = instances.map(({ id }) => id)

  const carryOut = async (deeds: readonly Deed[]): Promise<readonly string[]> => {
    const outcome = await functions.invoke('gate', { deeds })
    if (outcome.kind !== 'answered') throw new Error(`the hostile gate broke: ${JSON.stringify(outcome)}`)
    return JSON.parse(outcome.body.toString()) as string[]
  }
  const mustCarryOut = async (deeds: readonly Deed[]): Promise<void> => {
    const refused = (await carryOut(deeds)).filter((each) => each !== 'done')
    if (refused.length > 0) throw new Error(`the gate may not do that: ${refused.join(', ')}`)
  }
  const hint = async (id: string): Promise<Outcome> => functions.invoke('starter', { hint: id })
  const sweep = async (): Promise<Outcome> => functions.invoke('starter', SWEEP)

  return {
    ...deployment,
    carryOut,
    hint,
    sweep,
    async askAndSign(wish = {}, as = 'alice') {
      const instanceId = free.shift()
      if (instanceId === undefined) throw new Error('no instance is left to ask for')
      const { team = 'reporting', ...rest } = wish
      cloud.ecs.instances.change(instanceId, { tags: { team: String(team), startgate: 'allowed' } })
      const { status, body } = await ask({ instanceId, ...rest }, as)
      if (status !== 201) throw new Error(`asking failed: ${JSON.stringify(body)}`)
      const { proposal } = await show(body.id)
      // The honest part of the gate tells of it, and would otherwise write in between.
      await functions.idle()
      return { id: body.id, proposal, instanceId, evidence: await approvalBy('bob', proposal) }
    },
    async forge(id, entries, digests = ['0'.repeat(64)]) {
      const there = cloud.tablestore.rows('asks').filter(({ primaryKey }) => primaryKey['request'] === id)
      const fill = Array.from({ length: Math.max(0, there.length - entries.length) }, () => NOTHING)
      const pointers = digests.map((digest, n) => ({ put: pointTo(id, { digest, shard: SHARDS[n] ?? '' }) }))
      await mustCarryOut([...chain(id, [...entries, ...fill]).map(putOf), ...pointers])
    },
    forget: async (request) =>
      mustCarryOut(SHARDS.map((shard) => ({ remove: { table: 'open', key: { shard, request } } }))),
    async provoke(id) {
      await Promise.all([hint(id), hint(id), sweep()])
      await functions.idle()
    },
    runsOf(proposal) {
      const digest = digestProposal(proposal)
      const runs = cloud.tablestore.rows('runs').filter(({ primaryKey }) => primaryKey['digest'] === digest)
      return runs.map(({ attributes }) => attributes['type'])
    },
    startCalls: (mark) => cloud.spine.operations.since(mark).filter(({ operation }) => operation === 'StartInstance'),
  }
}

function toInstance(n: number): InstanceInput {
  return { id: `i-bp1prey${String(n).padStart(3, '0')}`, region: 'cn-hangzhou', startingMs: 0 }
}

/** The files of the artifact are hard links: a name may change, the bytes may not. */
async function takeOver(artifact: string): Promise<void> {
  await rename(join(artifact, 'gate.mjs'), join(artifact, 'gate-honest.mjs'))
  await copyFile(FIXTURE, join(artifact, 'gate.mjs'))
}

export async function approvalBy(person: Person, proposal: Proposal): Promise<JwsEvidence> {
  return signAs(person, { proposal, decision: 'approve', at: Date.now() })
}

export function requested(proposal: Proposal): Entry {
  return { type: 'requested', body: { proposal, digest: digestProposal(proposal), ask: digestOf('any', 'thing') } }
}

export function approved(evidence: unknown, approver: Person = 'bob'): Entry {
  return { type: 'approved', body: { approver, evidence } }
}

/** Means nothing: what a row is overwritten with that cannot be removed. */
export const NOTHING: Entry = {
  type: 'posted',
  body: { upto: { asks: 1, runs: 0 }, state: 'pending', to: { log: 'delivered' } },
}

/** Hashes as they must be: nothing but what the rows say is wrong with them. */
export function chain(stream: string, entries: readonly Entry[]): readonly Row[] {
  const rows: Row[] = []
  for (const { type, body } of entries) {
    const id = randomBytes(16).toString('hex')
    const content = { book: 'asks', stream, id, type, at: Date.now(), actor: { function: 'gate' }, body } as const
    rows.push(createRow(content, headOf(rows)))
  }
  return rows
}

/** As any hostile row is put: over whatever is there. */
export function putOf(row: Row): Extract<Deed, { put: unknown }> {
  return { put: { table: row.book, key: keyOf(row), columns: columnsOf(row) } }
}

/** An entry of `open` that sends the starter to a stream. */
export function pointTo(
  request: string,
  { shard = 'x', ...columns }: Readonly<Record<string, string | number>> = {},
): Extract<Deed, { put: unknown }>['put'] {
  const now = Date.now()
  const sound = { phase: 2, digest: '0'.repeat(64), createdAt: now, notBefore: 0, expiresAt: now + 1_800_000 }
  return { table: 'open', key: { shard, request }, columns: { ...sound, ...columns } }
}
