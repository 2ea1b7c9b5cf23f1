// Someone asks that an instance be started. The gate looks at it, finds the rule, and records a proposal. Nothing starts.
import { resolvePlace } from '#core/alias.ts'
import { parseAsks } from '#core/asks.ts'
import { opensAt } from '#core/calendar.ts'
import { digestOf } from '#core/digest.ts'
import type { PolicyDocument } from '#core/policy.ts'
import { digestProposal, proposalSchema, type Proposal, type Requester } from '#core/proposal.ts'
import type { Look } from '#core/ready.ts'
import { isRefused, refuse, type Refusal, type Refused } from '#core/refusal.ts'
import { deriveRequestId, type RequestId } from '#core/request-id.ts'
import { createRow, NO_HEAD } from '#core/row.ts'
import { applyRule, canBeSatisfied, findRule, mayActFor, mayMatchRule } from '#core/rule.ts'
import { parseRuns } from '#core/runs.ts'
import type { OpenEntry } from '#ports/open-set.ts'
import type { GateDeps } from './deps.ts'
import { foldLoaded, load, type Loaded } from './load.ts'

export interface Wish {
  /** Default: those of the gate. */
  readonly accountId?: string | undefined
  readonly regionId?: string | undefined
  /** An instance id, or an alias of the policy. */
  readonly instanceId: string
  readonly reason: string
  readonly initLocalDisk: boolean
  readonly dryRun: boolean
  /** Epoch ms. */
  readonly notBefore: number | null
  readonly onBehalfOf?: string
}

/** Without an alias, and with its place. */
type FullWish = Wish & { readonly accountId: string; readonly regionId: string }

export interface Asker {
  readonly principal: string
  readonly via: Requester['via']
  /** Names this ask among all of this caller's: the same key and wish find the same request again. */
  readonly key: string
  /** The chat in which it was asked, as `toTarget` writes it: whoever is there hears of it. */
  readonly from?: string
}

/** `created: false`: it had been asked before, under the same key. */
export interface Asked extends Loaded {
  readonly created: boolean
}

export async function ask(deps: GateDeps, asker: Asker, written: Wish): Promise<Asked | Refused> {
  const place = resolvePlace(deps.policy.aliases, written)
  const wish = fillIn(deps, { ...written, ...place })
  const requester = identify(deps.policy, asker, wish)
  if (isRefused(requester)) return requester
  const { id, earlier } = await findId(deps, asker)
  if (earlier !== undefined) return repeat(earlier, wish)

  // Where no rule could apply there is nothing to look at, so nobody can make the gate call regions that do not exist.
  const mayMatch = wish.accountId === deps.accountId && mayMatchRule(deps.policy, requester.principal, wish)
  const looks = mayMatch && place !== undefined ? await deps.looks.look(wish.regionId, [wish.instanceId]) : undefined
  const now = deps.clock.now()
  const proposal = propose(deps, { id, requester, written, wish, now, look: looks?.get(wish.instanceId) })
  if ('reason' in proposal) {
    // Whoever asked before the instance changed gets the request back, not today's refusal.
    const loaded = await load(deps, id)
    return loaded === undefined ? refuse(proposal) : repeat(loaded, wish)
  }
  return record(deps, proposal, wish, asker.from)
}

/** What was asked under this key already; undefined when nothing was. */
export async function findAsked(deps: GateDeps, asker: Asker): Promise<Loaded | undefined> {
  const { id, earlier } = await findId(deps, asker)
  return earlier ?? load(deps, id)
}

/** The entry in `open` comes before the commit: a crash in between leaves a pointer to nothing, never a request that nobody finds. */
async function record(
  deps: GateDeps,
  proposal: Proposal,
  wish: FullWish,
  from: Asker['from'],
): Promise<Asked | Refused> {
  const { id, createdAt, requester } = proposal.request
  const entry = toOpenEntry(proposal, 'decide')
  if ((await deps.open.add(entry)) === 'exists') {
    const earlier = await load(deps, id)
    if (earlier !== undefined) return repeat(earlier, wish)
    // An ask died before its commit. Renewed, its entry outlives the timer that is about to clear it away; if that was
    // quicker, there is none any more, and it begins anew.
    if (!(await deps.open.raise(entry))) return record(deps, proposal, wish, from)
  }
  const body = { proposal, digest: digestProposal(proposal), ask: digestWish(wish) }
  const row = createRow(
    {
      book: 'asks',
      stream: id,
      id: deps.random.id(),
      type: 'requested',
      at: createdAt,
      actor: { principal: requester.principal },
      body: from === undefined ? body : { ...body, from },
    },
    NO_HEAD,
  )
  if ((await deps.asks.put(row)) === 'taken') {
    const loaded = await load(deps, id)
    return loaded === undefined ? refuse({ reason: 'unreadable' }) : repeat(loaded, wish)
  }
  await deps.hints.send('gate', id)
  // Nothing can have been done yet about a request that was recorded just now.
  return { created: true, ...foldLoaded(deps, proposal, parseAsks([row]), parseRuns([]), createdAt) }
}

function fillIn({ accountId, regionId }: GateDeps, wish: Wish): FullWish {
  return { ...wish, accountId: wish.accountId ?? accountId, regionId: wish.regionId ?? regionId }
}

function repeat(loaded: Loaded, wish: FullWish): Asked | Refused {
  const first = loaded.asks.events[0]
  const same = first?.type === 'requested' && first.body.ask === digestWish(wish)
  return same ? { ...loaded, created: false } : refuse({ reason: 'key_reused' })
}

/** People ask for themselves, a schedule for its owner, a machine for whom the policy lets it. */
function identify(policy: PolicyDocument, { principal, via }: Asker, { onBehalfOf }: Wish): Requester | Refused {
  const behind = policy.schedules[principal]?.owner ?? onBehalfOf
  const requester = { principal, via, ...(behind === undefined ? {} : { onBehalfOf: behind }) }
  if (behind !== undefined && !mayActFor(policy, requester))
    return refuse({ reason: 'may_not_act_for', principal: behind })
  return requester
}

/** For a day after the view key was rotated, a repeat is first looked for under the previous one. */
async function findId(
  deps: GateDeps,
  { principal, key }: Asker,
): Promise<{ id: RequestId; earlier?: Loaded | undefined }> {
  const { current, previous } = deps.viewKey
  const id = deriveRequestId(current, deps.audience, principal, key)
  if (previous === undefined) return { id }
  return { id, earlier: await load(deps, deriveRequestId(previous, deps.audience, principal, key)) }
}

interface Draft {
  readonly id: RequestId
  readonly requester: Requester
  readonly written: Wish
  readonly wish: FullWish
  readonly now: number
  readonly look: Look | undefined
}

function propose(deps: GateDeps, { id, requester, written, wish, now, look }: Draft): Proposal | Refusal {
  const { accountId, regionId, instanceId, reason, initLocalDisk, dryRun, notBefore } = wish
  const found =
    look !== undefined && accountId === deps.accountId
      ? findRule(deps.policy, requester.principal, { ...look, accountId })
      : undefined
  if (look === undefined || found === undefined) {
    // In the words of who asked: where an alias leads is not for everybody.
    const { instanceId: name, regionId: region } = fillIn(deps, written)
    return { reason: 'not_available', instanceId: name, regionId: region }
  }
  if (initLocalDisk && !found.mayInitLocalDisk) return { reason: 'may_not_wipe', rule: found.name }
  const rule = applyRule(deps.policy, found, requester, initLocalDisk)
  if (!canBeSatisfied(rule)) return { reason: 'no_approver', rule: rule.name }
  const far = now + deps.durations.furthestNotBefore
  if (notBefore !== null && (notBefore <= now || notBefore > far)) return { reason: 'not_before_out_of_range' }
  const earliest = notBefore ?? now
  const expiresAt = earliest + rule.validFor
  const opens = opensAt(deps.policy, found, earliest)
  if (opens === undefined || opens >= expiresAt) {
    // What an ask could not name as its `notBefore` is not suggested.
    return { reason: 'closed', rule: rule.name, opensAt: opens !== undefined && opens <= far ? opens : undefined }
  }
  const [lock] = look.locks
  if (lock !== undefined) return { reason: 'locked', instanceId, lock }
  if (look.expiresAt !== undefined && look.expiresAt <= now) return { reason: 'instance_expired', instanceId }
  const { name, type, zone, imageId, chargeType, status, stoppedMode, tags } = look
  const runs = status === 'Running' || status === 'Starting'
  // Asked for later it may be stopped by then; the approvers are warned.
  if (runs && notBefore === null && !dryRun) return { reason: 'already_running', instanceId, status }
  // Parsed once more: what the starter could not read back must not be recorded.
  return proposalSchema.parse({
    v: 1,
    audience: deps.audience,
    policy: deps.policy.digest,
    action: 'ecs:StartInstance',
    request: {
      id,
      accountId,
      regionId,
      instanceId,
      initLocalDisk,
      dryRun,
      reason,
      requester,
      createdAt: now,
      notBefore,
      expiresAt,
    },
    instance: { name, type, zone, imageId, chargeType, status, stoppedMode, tags },
    rule,
  })
}

export function toOpenEntry(proposal: Proposal, phase: OpenEntry['phase']): OpenEntry {
  const { id, createdAt, notBefore, expiresAt } = proposal.request
  return { request: id, phase, digest: digestProposal(proposal), createdAt, notBefore: notBefore ?? 0, expiresAt }
}

function digestWish(wish: FullWish): string {
  return digestOf('startgate-ask/v1', wish)
}
