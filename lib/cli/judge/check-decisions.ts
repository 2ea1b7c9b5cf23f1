// Who said yes or no: every signature anew, with keys of the policy that the verifier holds.
import type { AskEvent, Asks } from '#core/asks.ts'
import type { Durations } from '#core/durations.ts'
import type { Policy } from '#core/policy.ts'
import type { Proposal } from '#core/proposal.ts'
import type { TokenFlaw } from '#core/refusal.ts'
import type { Actor } from '#core/row.ts'
import type { Evidence } from '#core/statement.ts'
import { findFlaw } from '#core/vote.ts'
import type { EvidenceVerifier, Verified } from '#ports/evidence.ts'
import { toChecks, type Check } from './check.ts'

/** A yes or a no that somebody signed. */
interface Decision {
  readonly n: number
  readonly at: number
  readonly type: 'approved' | 'denied'
  readonly body: { readonly approver: string; readonly evidence: Evidence; readonly reason?: string | undefined }
}

export interface VerifiedDecision {
  readonly event: Decision
  readonly verified: Verified
}

export async function verifyDecisions({
  asks,
  policy,
  verifier,
}: {
  readonly asks: Asks
  readonly policy: Policy
  readonly verifier: EvidenceVerifier
}): Promise<readonly VerifiedDecision[]> {
  return Promise.all(
    asks.events
      .flatMap(toDecisions)
      .map(async (event) => ({ event, verified: await verifier.verify(event.body.evidence, policy) })),
  )
}

function toDecisions({ n, at, ...event }: AskEvent): readonly Decision[] {
  if (event.type !== 'approved' && event.type !== 'denied') return []
  const { type, body } = event
  return 'evidence' in body ? [{ n, at, type, body }] : []
}

export interface DecisionsQuestion {
  readonly asks: Asks
  readonly proposal: Proposal
  readonly durations: Durations
  readonly decisions: readonly VerifiedDecision[]
}

export function checkDecisions({ asks, proposal, durations, decisions }: DecisionsQuestion): readonly Check[] {
  const signed = decisions.flatMap(({ event, verified }) => {
    const flaw = 'flaw' in verified ? verified.flaw : judge(event, verified, proposal, durations)
    const what = `${event.type} by ${event.body.approver} (entry ${event.n})`
    return toChecks('signature', `Signed: ${what}.`, [
      flaw === undefined ? undefined : `Not proven: ${what}: ${FLAWS[flaw]}.`,
      flaw !== undefined || isAsSigned(event, verified) ? undefined : `Not what was signed: ${what}.`,
    ])
  })
  const { requester } = proposal.request
  const strangers = asks.events.filter(({ actor, ...event }) => {
    switch (event.type) {
      case 'requested':
        return !isPrincipal(actor, requester.principal)
      case 'approved':
      case 'denied':
        return !isPrincipal(actor, event.body.approver)
      case 'cancelled':
        return !isPrincipal(actor, event.body.by)
      case 'stopped':
      case 'posted':
        return !('function' in actor && actor.function === 'gate')
    }
  })
  const unsigned = asks.events.flatMap(({ n, ...event }): readonly Check[] => {
    if (event.type === 'cancelled') {
      const { by, chat } = event.body
      const text = `Cancelled by ${by} (entry ${n}): ${chat === undefined ? 'the gate’s word' : `the word of ${chat}`}.`
      return [{ key: chat === undefined ? 'cancelled' : 'cancelled_in_chat', verdict: 'note', text }]
    }
    if (event.type !== 'denied' || !('chat' in event.body)) return []
    const { approver, chat } = event.body
    return [
      { key: 'denied_in_chat', verdict: 'note', text: `Denied by ${approver} (entry ${n}): the word of ${chat}.` },
    ]
  })
  return [
    ...signed,
    ...unsigned,
    ...toChecks(
      'actors',
      'Every entry of asks names its own author.',
      strangers.map(({ n, type }) => `Entry ${n} of asks (${type}) names somebody else as its author.`),
    ),
  ]
}

/** As the gate had to judge it when it took the decision down. */
function judge(event: Decision, verified: Verified, proposal: Proposal, durations: Durations): TokenFlaw | undefined {
  if ('flaw' in verified) return verified.flaw
  const decision = event.type === 'approved' ? 'approve' : 'deny'
  const question = { proposal, decision, audience: proposal.audience, now: event.at, durations } as const
  const flaw = findFlaw(verified.signed, question)
  if (flaw !== undefined) return flaw
  return proposal.rule.approvers.includes(verified.signed.principal) ? undefined : 'not_an_approver'
}

/** The row repeats who signed and why: in the words of the signature, or it would put words in a mouth. */
function isAsSigned({ body }: Decision, verified: Verified): boolean {
  if ('flaw' in verified) return false
  const { principal, statement } = verified.signed
  return body.approver === principal && body.reason === statement.reason
}

function isPrincipal(actor: Actor, name: string): boolean {
  return 'principal' in actor && actor.principal === name
}

export const FLAWS: Readonly<Record<TokenFlaw, string>> = {
  malformed: 'its evidence is no token',
  not_canonical: 'its token is spelled in an unusual way',
  header: 'its token is of another kind',
  unknown_key: 'no key of this policy made it',
  algorithm: 'it was made with an algorithm that the key is not for',
  not_touched: 'nobody touched the security key',
  another_origin: 'the passkey was used on another page',
  not_verified: 'the passkey did not verify who used it',
  signature: 'the signature is false',
  statement: 'what was signed is no statement',
  another_decision: 'the signature is for another decision',
  another_audience: 'the signature is for another deployment',
  another_proposal: 'the signature is for another proposal',
  another_text: 'the line that was signed is not what this proposal says',
  not_the_approver_of_the_key: 'the key is somebody else’s',
  not_an_approver: 'the rule takes no approval from them',
  is_the_requester: 'nobody approves a request of their own',
  key_not_valid_then: 'the key was not valid then',
  signed_too_early: 'it was signed before the request was made',
  signed_in_the_future: 'it was signed later than it was recorded',
}
