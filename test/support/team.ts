// A small team with real keys, and the policy that they live by.
import { signJws } from '#adapters/evidence/sign-jws.ts'
import { parsePolicy, type Policy } from '#core/policy.ts'
import type { Proposal } from '#core/proposal.ts'
import { createStatement, type Evidence, type Statement } from '#core/statement.ts'
import { PRIVATE_JWKS, publicJwk, type Holder } from './keys.ts'

export const AUDIENCE = '1234567890123456/cn-hangzhou/startgate-starter'

/** erin has a key, and is in no policy. */
export type Person = Holder

/** alice asks; bob, carol and dave approve; deploy-bot is a machine; `nightly` is alice's schedule. */
export function teamDocument(): Record<string, unknown> & { rules: Record<string, unknown>[] } {
  const people = Object.fromEntries(
    (['alice', 'bob', 'carol', 'dave'] as const).map((name) => [name, { keys: [publicJwk(name)] }]),
  )
  return {
    people: { ...people, alice: { keys: [publicJwk('alice')], tell: ['alice-inbox'] } },
    machines: {
      'deploy-bot': { keys: [publicJwk('deploy-bot')], webhook: { v1: true }, mayActFor: ['alice', 'bob', 'carol'] },
    },
    schedules: {
      nightly: { owner: 'alice', ask: { instanceId: 'i-bp1reporting', reason: 'The nightly report', startIn: '30m' } },
    },
    receivers: {
      'ops-room': { url: 'https://ops.example.com/startgate' },
      'alice-inbox': { url: 'https://alice.example.com/hook' },
    },
    mayRead: ['carol'],
    rules: [
      {
        name: 'reporting',
        requesters: ['alice', 'deploy-bot', 'nightly', 'bob'],
        instances: { regions: ['cn-hangzhou'], tags: { team: 'reporting' } },
        approvers: ['alice', 'bob', 'carol'],
        validFor: '30m',
        mayCancel: ['dave'],
        tell: ['ops-room'],
      },
      {
        name: 'scratch',
        requesters: ['alice'],
        instances: { tags: { team: 'scratch' } },
        approvals: 2,
        approvers: ['bob', 'carol', 'dave'],
        mayInitLocalDisk: true,
        validFor: '1h',
        attempts: 2,
      },
    ],
  }
}

export function teamPolicy(document: unknown = teamDocument()): Policy {
  const parsed = parsePolicy(document)
  if (!parsed.ok) throw new Error(`the policy of the tests is refused: ${JSON.stringify(parsed.faults)}`)
  return parsed.policy
}

export type JwsEvidence = Extract<Evidence, { kind: 'jws' }>

export interface Signing {
  readonly proposal: Proposal
  readonly decision: Statement['decision']
  /** Epoch ms. */
  readonly at: number
  readonly reason?: string
}

export async function signAs(person: Person, { proposal, decision, at, reason }: Signing): Promise<JwsEvidence> {
  return signStatement(person, createStatement(proposal, decision, person, Math.floor(at / 1000), reason))
}

/** Signs whatever it is given, also what no honest tool would make. */
export async function signStatement(person: Person, statement: Statement): Promise<JwsEvidence> {
  return { kind: 'jws', token: await signJws(statement, PRIVATE_JWKS[person]) }
}
