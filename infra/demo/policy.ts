// The rules that the cast lives by. Only public keys: who reads this file can check approvals, and make none.
import { DASHBOARD } from './fleet.ts'
import { CHATS, identityOf } from './team-chats.ts'

/** A public key as a policy takes it. */
export type PolicyKey = Readonly<Record<string, string>>

export interface PolicyParts {
  readonly keys: Readonly<Record<'mei' | 'chen' | 'lin', readonly PolicyKey[]>>
  /** Of whoever runs the demo; without any, nobody of that name is in the policy. */
  readonly visitor: readonly PolicyKey[]
  /** Where people open the page. */
  readonly origin: string
  /** Where the team's own tool listens for news. */
  readonly roomUrl: string
}

export const VISITOR = 'you'
/** The most. Sped up twenty times, a starter on a busy machine is late, and stands down, more often than in reality. */
const ATTEMPTS = 10

export function toPolicy({ keys, visitor, origin, roomUrl }: PolicyParts): object {
  const guest = visitor.length === 0 ? {} : { [VISITOR]: { keys: visitor } }
  const rule = {
    approvers: ['chen', 'lin', ...Object.keys(guest)],
    attempts: ATTEMPTS,
    tell: ['ops-room'],
  }
  const regions = ['cn-hangzhou']
  return {
    page: { origin },
    people: {
      mei: { keys: keys.mei, chat: [identityOf('mei')] },
      chen: { keys: keys.chen, chat: [identityOf('chen')] },
      lin: { keys: keys.lin, chat: [identityOf('lin')] },
      ...guest,
    },
    chats: CHATS,
    machines: { 'deploy-bot': { webhook: { v1: true } } },
    schedules: {
      example: {
        owner: 'mei',
        ask: { instanceId: DASHBOARD, reason: 'The dashboard runs on workday mornings', startIn: '5s' },
      },
    },
    receivers: { 'ops-room': { url: roomUrl } },
    mayRead: ['mei'],
    rules: [
      {
        name: 'reporting',
        requesters: ['mei', 'example'],
        instances: { regions, tags: { team: 'reporting' } },
        validFor: '2h',
        ...rule,
      },
      {
        name: 'staging',
        requesters: ['deploy-bot'],
        instances: { regions, tags: { env: 'staging' } },
        validFor: '30m',
        ...rule,
      },
      {
        name: 'training',
        requesters: ['mei', 'chen'],
        instances: { regions, tags: { team: 'ml' } },
        validFor: '1h',
        ...rule,
      },
    ],
  }
}
