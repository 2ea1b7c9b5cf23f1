// Texts that anybody may post as a decision: genuine ones, and all that can be made of them.
import * as fc from 'fast-check'
import type { Proposal } from '#core/proposal.ts'
import type { Evidence, Statement } from '#core/statement.ts'
import { mirror, mirrorPasskey, mirrorSsh, respell } from './odd-tokens.ts'
import { KINDS, signWith, type Kind } from './signers.ts'
import type { Person } from './team.ts'

const FLAWS = ['name', 'stranger', 'audience', 'words', 'altered', 'early', 'late', 'garbage'] as const
const SPELLINGS = ['respelled', 'mirrored'] as const

export interface Text {
  /** How many requests after the one that it is posted for was signed: 0 is that one. */
  readonly over: number
  readonly signer: Person
  readonly kind: Kind
  readonly decision: Statement['decision']
  readonly how: 'genuine' | (typeof FLAWS)[number] | (typeof SPELLINGS)[number]
}

export const anyText: fc.Arbitrary<Text> = fc.record({
  over: fc.constantFrom(0, 0, 0, 0, 1),
  signer: fc.constantFrom<Person[]>('alice', 'bob', 'bob', 'carol', 'carol', 'dave', 'erin'),
  kind: fc.constantFrom(...KINDS),
  decision: fc.constantFrom<Statement['decision'][]>('approve', 'approve', 'approve', 'deny'),
  how: fc.oneof(
    { weight: 3, arbitrary: fc.constant('genuine' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...FLAWS) },
    { weight: 1, arbitrary: fc.constantFrom(...SPELLINGS) },
  ),
})

/** Whether its signer truly said this. Another spelling may be refused, but nobody is wronged where it counts. */
export function isSound({ how }: Text): boolean {
  return !FLAWS.some((flaw) => flaw === how)
}

/** `at`: epoch ms. */
export function makeText({ signer, kind, decision, how }: Text, proposal: Proposal, at: number): Evidence {
  const other: Person = signer === 'bob' ? 'carol' : 'bob'
  const reason = decision === 'deny' ? { reason: 'Not today' } : {}
  const sign = (change: Partial<Statement> = {}, by = signer, over = proposal): Evidence =>
    signWith(kind, by, { proposal: over, at, change: { decision, ...reason, ...change } })
  switch (how) {
    case 'genuine':
      return sign()
    case 'name':
      return sign({ approver: other })
    case 'stranger':
      return sign({ approver: signer }, other)
    case 'audience':
      return sign({ audience: '1234567890123456/cn-hangzhou/staging-starter' })
    case 'words':
      return sign({ says: 'start nothing' })
    case 'altered':
      return sign({}, signer, { ...proposal, request: { ...proposal.request, initLocalDisk: true } })
    case 'early':
      return sign({ iat: Math.floor(proposal.request.createdAt / 1000) - 301 })
    // Further ahead than any request lives.
    case 'late':
      return sign({ iat: Math.floor(at / 1000) + 86_400 })
    case 'garbage':
      return cutShort(sign())
    case 'respelled':
      return respellEvidence(sign())
    case 'mirrored':
      return mirrorEvidence(kind, signer, sign())
  }
}

function cutShort(evidence: Evidence): Evidence {
  return evidence.kind === 'jws'
    ? { ...evidence, token: evidence.token.slice(0, -8) }
    : { ...evidence, signature: evidence.signature.replace(/[A-Za-z0-9]{8}/, 'AAAAAAAA') }
}

function respellEvidence(evidence: Evidence): Evidence {
  switch (evidence.kind) {
    case 'jws':
      return { ...evidence, token: respell(evidence.token) }
    case 'ssh':
      return { ...evidence, signature: evidence.signature.replaceAll('\n', '\r\n') }
    case 'passkey':
      return { ...evidence, signature: respell(evidence.signature) }
  }
}

/** Only a key on P-256 has a second signature; erin alone has one for JWS. */
function mirrorEvidence(kind: Kind, signer: Person, evidence: Evidence): Evidence {
  if (evidence.kind === 'jws') return signer === 'erin' ? { ...evidence, token: mirror(evidence.token) } : evidence
  if (evidence.kind === 'passkey') return { ...evidence, signature: mirrorPasskey(evidence.signature) }
  return kind === 'ssh-p256' ? { ...evidence, signature: mirrorSsh(evidence.signature) } : evidence
}
