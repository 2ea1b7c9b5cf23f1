// A request that is ready to be started, as a question to the rules.
import { DURATIONS, MINUTE } from '#core/durations.ts'
import type { Proposal } from '#core/proposal.ts'
import type { Readiness, ReadyQuestion } from '#core/ready.ts'
import type { SignedStatement } from '#core/vote.ts'
import { aPolicy, aProposal, AUDIENCE, aVote, NOW, someAsks } from '#support/samples.ts'

export interface Case extends Partial<Omit<ReadyQuestion, 'asks'>> {
  readonly proposal?: Proposal
  readonly asks?: ReadyQuestion['asks']
}

export function question({ proposal = aProposal(), ...change }: Case = {}): ReadyQuestion {
  return {
    asks: someAsks(proposal),
    votes: [aVote(proposal, 'bob')],
    policy: aPolicy(),
    audience: AUDIENCE,
    now: NOW + MINUTE,
    durations: DURATIONS,
    ...change,
  }
}

export function votesOf(
  proposal: Proposal,
  ...holders: readonly Parameters<typeof aVote>[1][]
): readonly SignedStatement[] {
  return holders.map((holder) => aVote(proposal, holder))
}

export function never(code: string, detail?: string): Readiness {
  return { ready: 'never', answer: { code, ...(detail === undefined ? {} : { detail }) } }
}

export const NOT_YET = (why: string): object => ({ ready: 'not_yet', why })
