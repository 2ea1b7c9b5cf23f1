// The rules that anybody is let loose on, as a policy and, once more and plainly, as a model that leans on nothing it judges.
import { MINUTE } from '#core/durations.ts'
import type { Policy } from '#core/policy.ts'
import { armedDocument } from './signers.ts'
import { teamPolicy } from './team.ts'
import { INSTANCE } from './world.ts'

interface PlayedRule {
  readonly approvals: number
  readonly approvers: readonly string[]
  /** Each must say yes. */
  readonly groups?: readonly (readonly string[])[]
  /** Minutes of the day in UTC. */
  readonly hours?: readonly (readonly [from: number, to: number])[]
}

/** By the instance that it is for. */
const RULES = {
  [INSTANCE]: { approvals: 1, approvers: ['alice', 'bob', 'carol'] },
  'i-bp1scratch': { approvals: 2, approvers: ['bob', 'carol', 'dave', 'erin'] },
  'i-bp1vault': {
    approvals: 1,
    approvers: ['bob', 'carol', 'dave', 'erin'],
    groups: [
      ['bob', 'carol'],
      ['dave', 'erin'],
    ],
  },
  'i-bp1desk': {
    approvals: 1,
    approvers: ['bob', 'carol'],
    hours: [
      [9 * 60 + 10, 9 * 60 + 40],
      [10 * 60, 24 * 60],
    ],
  },
} satisfies Readonly<Record<string, PlayedRule>>

export const INSTANCES = Object.keys(RULES)
export const TAGS: Readonly<Record<string, string>> = {
  'i-bp1scratch': 'scratch',
  'i-bp1vault': 'vault',
  'i-bp1desk': 'desk',
}

const document = armedDocument()
export const PLAYED: Policy = teamPolicy({
  ...document,
  groups: { leads: ['bob', 'carol'], finance: ['dave', 'erin'] },
  rules: [
    ...document.rules,
    {
      name: 'vault',
      requesters: ['alice', 'bob', 'deploy-bot', 'erin'],
      instances: { tags: { team: 'vault' } },
      approvers: ['bob'],
      oneOfEach: ['leads', 'finance'],
      validFor: '1h',
    },
    {
      name: 'desk',
      requesters: ['alice', 'bob', 'deploy-bot'],
      instances: { tags: { team: 'desk' } },
      approvers: ['bob', 'carol'],
      hours: [
        { days: ['mon'], from: '09:10', to: '09:40' },
        { days: ['mon'], from: '10:00', to: '24:00' },
      ],
      validFor: '1h',
    },
  ],
})

/** What speaks against a start of this instance, asked by `mine` with the yes of `saidYes`; one, the first, is enough. */
export function findLack(
  instanceId: string,
  { saidYes, mine, alone }: { saidYes: Iterable<string>; mine: readonly (string | undefined)[]; alone: boolean },
): string | undefined {
  const { approvals, approvers, groups = [] } = ruleOf(instanceId)
  const counted = [...saidYes].filter((name) => approvers.includes(name) && !mine.includes(name))
  const enough = counted.length >= Math.max(approvals, alone ? 2 : 1)
  if (enough && groups.every((group) => group.some((name) => counted.includes(name)))) return undefined
  return `the approvals of ${counted.join(', ') || 'nobody'}`
}

/** The longest that may lie between the last look at the hours and the call. */
const LATEST = 5000

/** `at`: epoch ms, on the day on which the world begins. */
export function isOpen(instanceId: string, at: number): boolean {
  const { hours } = ruleOf(instanceId)
  const ofDay = at % (24 * 60 * MINUTE)
  return hours?.some(([from, to]) => from * MINUTE <= ofDay && ofDay < to * MINUTE + LATEST) ?? true
}

function ruleOf(instanceId: string): PlayedRule {
  const rule = Object.entries<PlayedRule>(RULES).find(([id]) => id === instanceId)?.[1]
  if (rule === undefined) throw new Error(`nothing is played with ${instanceId}`)
  return rule
}
