// The policies that a simulated deployment goes through. Keys are names: signatures are looked up in a ledger, not computed.
import { parsePolicy, type Policy } from '#core/policy.ts'
import { MINUTE } from '#core/durations.ts'
import { publicJwk } from '#support/keys.ts'

export const PLACE = { accountId: '1234567890123456', regionId: 'cn-hangzhou' } as const
export const AUDIENCE = `${PLACE.accountId}/${PLACE.regionId}/startgate-starter`
export const VALID_FOR = 5 * MINUTE
export const APPROVERS = ['bob', 'carol', 'dave'] as const
/** A group, and where people are written to alone; dave is in no chat. */
export const ROOM = 'slack/group/C1'
export const CHATTERS: Readonly<Record<string, string>> = {
  alice: 'slack/person/UA',
  bob: 'feishu/person/ou_b',
  carol: 'slack/person/UC',
}
const IDENTITIES: Readonly<Record<string, string>> = {
  alice: 'slack:T1/UA',
  bob: 'feishu:tk/ou_b',
  carol: 'slack:T1/UC',
}
export type Approver = (typeof APPROVERS)[number]

/** By the tag `team` of its instance. */
export type Team = 'plain' | 'wipe'

interface Terms {
  readonly approvals: number
  readonly approvers: readonly Approver[]
}

export interface Version {
  readonly policy: Policy
  readonly terms: Readonly<Record<Team, Terms>>
}

const ALL: Version['terms'] = {
  plain: { approvals: 1, approvers: APPROVERS },
  wipe: { approvals: 2, approvers: APPROVERS },
}

/** The first is deployed to both functions; the others may follow, to one function before the other. */
export const VERSIONS: readonly Version[] = [
  createVersion(ALL),
  createVersion({ ...ALL, plain: { approvals: 1, approvers: ['bob', 'carol'] } }),
  createVersion({ ...ALL, plain: { approvals: 2, approvers: APPROVERS } }),
]

function createVersion(terms: Version['terms']): Version {
  const person = (name: 'alice' | Approver) => ({
    keys: [publicJwk(name)],
    chat: [IDENTITIES[name] ?? []].flat(),
    ...(name === 'alice' ? { tell: ['alice-inbox'] } : {}),
  })
  const rules = (['plain', 'wipe'] as const).map((team) => ({
    name: team,
    requesters: ['alice', 'bob', 'nightly'],
    instances: { tags: { team } },
    approvals: terms[team].approvals,
    approvers: terms[team].approvers,
    validFor: '5m',
    mayCancel: ['dave'],
    mayInitLocalDisk: team === 'wipe',
    tell: ['ops-room', 'room'],
  }))
  const parsed = parsePolicy({
    people: { alice: person('alice'), bob: person('bob'), carol: person('carol'), dave: person('dave') },
    schedules: { nightly: { owner: 'alice', ask: { instanceId: 'i-plain0', reason: 'The nightly run' } } },
    receivers: {
      room: { group: 'slack/C1' },
      'ops-room': { url: 'https://ops.example.com/hook' },
      'alice-inbox': { url: 'https://alice.example.com/hook' },
    },
    chats: { slack: { team: 'T1', app: 'A1' }, feishu: { tenant: 'tk', app: 'cli_1' } },
    rules,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return { policy: parsed.policy, terms }
}
