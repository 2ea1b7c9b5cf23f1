// One sound example of everything the rules judge. A test takes it and breaks one thing.
import { toCanonicalJson } from '#core/canonical-json.ts'
import { parseAsks, type AskEntry, type Asks } from '#core/asks.ts'
import { keySchema } from '#core/key-form.ts'
import type { Key } from '#core/key.ts'
import { parsePolicy, type Policy } from '#core/policy.ts'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import type { Look } from '#core/ready.ts'
import { createRow, headOf, NO_HEAD, type Actor, type Row } from '#core/row.ts'
import { parseRuns, type RunEntry, type Runs } from '#core/runs.ts'
import { createStatement, type Evidence, type Statement } from '#core/statement.ts'
import type { SignedStatement } from '#core/vote.ts'
import { publicJwk, signJws, type Holder } from './keys.ts'

/** When the sample request was made. */
export const NOW = Date.UTC(2026, 10, 23, 9)
export const ACCOUNT = '1234567890123456'
export const REGION = 'cn-hangzhou'
export const INSTANCE = 'i-bp67acfmxazb4p3ujhx1'
export const AUDIENCE = `${ACCOUNT}/${REGION}/startgate-starter`
export const REQUEST = 'req_00112233445566778899aabbccddeeff'
export const VALID_FOR = 2 * 60 * 60 * 1000
export const EXPIRES = NOW + VALID_FOR

/** Members to replace, at any depth. Arrays and records of names are replaced as a whole where they are given. */
export type Change<Value> = {
  readonly [Member in keyof Value]?: Value[Member] extends readonly unknown[] ? Value[Member] : Change<Value[Member]>
}

export type PolicyDraft = Readonly<Record<string, unknown>> & { readonly rules: readonly RuleDraft[] }
export type RuleDraft = Readonly<Record<string, unknown>>

/** Alice asks, Bob and Carol approve; Dave may, but holds no key; Erin has a P-256 key. */
export function aRule(change: RuleDraft = {}): RuleDraft {
  return {
    name: 'workers',
    requesters: ['alice', 'deploy-bot', 'nightly'],
    instances: { accounts: [ACCOUNT], regions: [REGION], tags: { team: 'data' } },
    approvals: 1,
    approvers: ['bob', 'carol', 'erin'],
    validFor: '2h',
    ...change,
  }
}

export function aPolicyDocument(change: Readonly<Record<string, unknown>> = {}): PolicyDraft {
  return {
    people: {
      alice: { keys: [publicJwk('alice')], tell: ['alice-desk'] },
      bob: { keys: [publicJwk('bob')] },
      carol: { keys: [publicJwk('carol')] },
      dave: {},
      erin: { keys: [publicJwk('erin')] },
    },
    machines: { 'deploy-bot': { keys: [publicJwk('deploy-bot')], webhook: { v1: true } } },
    schedules: { nightly: { owner: 'alice', ask: { instanceId: INSTANCE, reason: 'The nightly run' } } },
    receivers: {
      'alice-desk': { url: 'https://desk.example.com/alice' },
      'ops-room': { url: 'https://ops.example.com/startgate' },
    },
    mayRead: ['carol'],
    rules: [aRule({ tell: ['ops-room'], mayCancel: ['carol'] })],
    ...change,
  }
}

export function aPolicy(change: Readonly<Record<string, unknown>> = {}): Policy {
  const parsed = parsePolicy(aPolicyDocument(change))
  if (!parsed.ok) throw new Error(`the sample policy is not sound: ${JSON.stringify(parsed.faults)}`)
  return parsed.policy
}

/** As the gate writes it down when alice asks under `aPolicy`. */
export function aProposal(change: Change<Proposal> = {}): Proposal {
  const proposal: Proposal = {
    v: 1,
    audience: AUDIENCE,
    policy: 'a'.repeat(64),
    action: 'ecs:StartInstance',
    request: {
      id: REQUEST,
      accountId: ACCOUNT,
      regionId: REGION,
      instanceId: INSTANCE,
      initLocalDisk: false,
      dryRun: false,
      reason: 'The weekly report is due',
      requester: { principal: 'alice', via: 'api' },
      createdAt: NOW,
      notBefore: null,
      expiresAt: EXPIRES,
    },
    instance: {
      name: 'worker-1',
      type: 'ecs.g7.large',
      zone: 'cn-hangzhou-h',
      imageId: 'aliyun_3_x64_20G_alibase_20240528.vhd',
      chargeType: 'PostPaid',
      status: 'Stopped',
      stoppedMode: 'KeepCharging',
      tags: { team: 'data' },
    },
    rule: { name: 'workers', approvals: 1, approvers: ['bob', 'carol', 'erin'], tool: 'any', validFor: VALID_FOR },
  }
  return merge(proposal, change) as Proposal
}

/** The instance as it is looked at now, unchanged since `aProposal`. */
export function aLook(change: Partial<Look> = {}): Look {
  const { name, type, zone, imageId, chargeType, status, stoppedMode, tags } = aProposal().instance
  const seen = { name, type, zone, imageId, chargeType, status, stoppedMode, tags }
  return { accountId: ACCOUNT, regionId: REGION, instanceId: INSTANCE, ...seen, locks: [], ...change }
}

export function aKey(holder: Holder, validity: { readonly from?: string; readonly until?: string } = {}): Key {
  return keySchema.parse({ ...publicJwk(holder), ...validity })
}

/** Signed a minute after the request was made. */
export function aStatement(proposal: Proposal, approver: string, change: Partial<Statement> = {}): Statement {
  return { ...createStatement(proposal, 'approve', approver, proposal.request.createdAt / 1000 + 60), ...change }
}

/** What is left of an approval once its signature has verified. */
export function aVote(
  proposal: Proposal,
  holder: Holder,
  change: Partial<Omit<SignedStatement, 'statement'>> & { readonly statement?: Partial<Statement> } = {},
): SignedStatement {
  const { statement, ...rest } = change
  return {
    statement: aStatement(proposal, holder, statement),
    principal: holder,
    key: aKey(holder),
    tool: 'own-tool',
    ...rest,
  }
}

export function evidenceOf(statement: Statement, holder: Holder): Evidence {
  return { kind: 'jws', token: signJws(statement, holder) }
}

/** Rows of one stream, each chained to the one before. `at` is when the first was put; each follows a second later. */
export function aStream(
  place: Pick<Row, 'book' | 'stream'>,
  entries: readonly (Pick<Row, 'type' | 'body'> & { readonly at?: number; readonly actor?: Actor })[],
  first = NOW,
): readonly Row[] {
  const actor: Actor = { function: place.book === 'asks' ? 'gate' : 'starter' }
  return entries.reduce<readonly Row[]>((rows, entry, index) => {
    const id = (index + 1).toString(16).padStart(32, '0')
    const row = { ...place, id, at: first + index * 1000, actor, ...entry }
    return [...rows, createRow(row, headOf(rows))]
  }, [])
}

type At<Entry> = Entry & { readonly at?: number; readonly actor?: Actor }

export function requested(proposal: Proposal): At<AskEntry> {
  const body = { proposal, digest: digestProposal(proposal), ask: 'b'.repeat(64) }
  const { createdAt: at, requester } = proposal.request
  return { type: 'requested', body, at, actor: { principal: requester.principal } }
}

export function approved(proposal: Proposal, holder: Holder, at?: number): At<AskEntry> {
  const evidence = evidenceOf(aStatement(proposal, holder), holder)
  return entryAt({ type: 'approved', body: { approver: holder, evidence } }, { principal: holder }, at)
}

/** As the page makes it; nothing in it verifies. */
export function approvedOnPage(proposal: Proposal, holder: Holder): At<AskEntry> {
  const statement = toCanonicalJson(aStatement(proposal, holder))
  const evidence = { kind: 'passkey', statement, credential: 'AA', authenticatorData: 'AA' } as const
  const body = { approver: holder, evidence: { ...evidence, clientData: 'AA', signature: 'AA' } }
  return { type: 'approved', body, actor: { principal: holder } }
}

export function denied(proposal: Proposal, holder: Holder, at?: number): At<AskEntry> {
  const reason = 'Not today'
  const evidence = evidenceOf(aStatement(proposal, holder, { decision: 'deny', reason }), holder)
  return entryAt({ type: 'denied', body: { approver: holder, evidence, reason } }, { principal: holder }, at)
}

export function cancelled(by: string, at?: number): At<AskEntry> {
  return entryAt({ type: 'cancelled', body: { by } }, { principal: by }, at)
}

export function stopped(at?: number): At<AskEntry> {
  return entryAt({ type: 'stopped', body: { runs: NO_HEAD } }, { function: 'gate' }, at)
}

/** The stream of a request: its first row, and then these. */
export function someAsks(proposal: Proposal, entries: readonly At<AskEntry>[] = []): Asks {
  return parseAsks(aStream({ book: 'asks', stream: proposal.request.id }, [requested(proposal), ...entries]))
}

export function attempted(proposal: Proposal, at?: number): At<RunEntry> {
  const { id, accountId, regionId, instanceId, dryRun } = proposal.request
  const target = { request: id, accountId, regionId, instanceId, dryRun }
  return entryAt(
    { type: 'attempted', body: { ...target, asks: NO_HEAD, next: { do: 'look' } } },
    { function: 'starter' },
    at,
  )
}

export function accepted(at?: number, next: 'look' | 'none' = 'look'): At<RunEntry> {
  const body = { requestId: '473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E', next: { do: next } } as const
  return entryAt({ type: 'accepted', body }, { function: 'starter' }, at)
}

export function someRuns(proposal: Proposal, entries: readonly At<RunEntry>[]): Runs {
  return parseRuns(aStream({ book: 'runs', stream: digestProposal(proposal) }, entries))
}

function entryAt<Entry>(entry: Entry, actor: Actor, at: number | undefined): At<Entry> {
  return { ...entry, actor, ...(at === undefined ? {} : { at }) }
}

function merge(value: unknown, change: unknown): unknown {
  if (!isRecord(value) || !isRecord(change)) return change
  const merged = Object.entries(change).map(([name, each]) => [name, merge(value[name], each)])
  return { ...value, ...(Object.fromEntries(merged) as object) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
