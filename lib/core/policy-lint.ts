// What a policy's form cannot show: names that lead nowhere, keys in two hands, rules that nobody could ever satisfy.
import { lintAliases } from './lint-aliases.ts'
import { lintCalendar } from './lint-calendar.ts'
import { lintChats } from './lint-chats.ts'
import { lintGroups } from './lint-groups.ts'
import { lintKeys } from './lint-keys.ts'
import { lintPasskeys } from './lint-passkeys.ts'
import { lintRepeats } from './lint-repeats.ts'
import { lintRules } from './lint-rules.ts'
import { cureUnknown } from './nearest.ts'
import type { PolicyDocument } from './policy.ts'
import { kindOf } from './principals.ts'
import { resolveNames } from './resolve-names.ts'

export interface PolicyFault {
  readonly path: readonly string[]
  readonly cause: string
  readonly cure: string
}

export function lintPolicy(written: PolicyDocument): readonly PolicyFault[] {
  const policy = resolveNames(written)
  return [
    ...lintRepeats(policy),
    ...lintGroups(policy),
    ...lintKeys(policy),
    ...lintPasskeys(policy),
    ...lintChats(policy),
    ...sharedVariables(policy),
    ...actsForNobodyKnown(policy),
    ...schedulesWithoutOwner(policy),
    ...unknownReceivers(policy),
    ...unknownNames(policy),
    ...lintAliases(written),
    ...lintCalendar(policy),
    ...lintRules(policy),
  ]
}

/** A group that is known stands for its people by now. */
function unknownNames(policy: PolicyDocument): readonly PolicyFault[] {
  const { people, groups, machines, schedules } = policy
  const known = [people, groups, machines, schedules].flatMap((each) => Object.keys(each))
  const lists = [
    { path: ['mayRead'], names: policy.mayRead },
    ...policy.rules.flatMap(({ requesters, approvers, oneOfEach = [], mayCancel }, index) => [
      { path: ['rules', String(index), 'requesters'], names: requesters },
      { path: ['rules', String(index), 'approvers'], names: approvers.filter((name) => !oneOfEach.includes(name)) },
      { path: ['rules', String(index), 'mayCancel'], names: mayCancel },
    ]),
  ]
  return lists.flatMap(({ path, names }) =>
    names
      .filter((name) => kindOf(policy, name) === undefined)
      .map((name) => ({
        path,
        cause: `${name} is nobody in this policy`,
        cure: cureUnknown(name, known, 'people, machines or schedules'),
      })),
  )
}

/** `CALLER_SECRET_BOT_PREVIOUS` is the previous secret of bot, and would be the current one of bot-previous. */
function sharedVariables(policy: PolicyDocument): readonly PolicyFault[] {
  const groups = { machines: Object.keys(policy.machines), receivers: Object.keys(policy.receivers) }
  return Object.entries(groups).flatMap(([group, names]) =>
    names
      .filter((name) => names.includes(`${name}-previous`))
      .map((name) => ({
        path: [group, `${name}-previous`],
        cause: `its secret would be taken for the previous one of ${name}`,
        cure: 'give it a name that does not end in -previous',
      })),
  )
}

function actsForNobodyKnown(policy: PolicyDocument): readonly PolicyFault[] {
  return Object.entries(policy.machines).flatMap(([machine, { mayActFor }]) =>
    mayActFor
      .filter((name) => kindOf(policy, name) !== 'person')
      .map((name) => ({
        path: ['machines', machine, 'mayActFor'],
        cause: `${name} is no person of this policy`,
        cure: 'a machine acts for people',
      })),
  )
}

function schedulesWithoutOwner(policy: PolicyDocument): readonly PolicyFault[] {
  return Object.entries(policy.schedules)
    .filter(([, { owner }]) => kindOf(policy, owner) !== 'person')
    .map(([name, { owner }]) => ({
      path: ['schedules', name, 'owner'],
      cause: `${owner} is no person of this policy`,
      cure: 'a schedule is owned by a person',
    }))
}

function unknownReceivers(policy: PolicyDocument): readonly PolicyFault[] {
  const told = [
    ...Object.entries(policy.people).map(([name, { tell }]) => ({ path: ['people', name, 'tell'], tell })),
    ...Object.entries(policy.machines).map(([name, { tell }]) => ({ path: ['machines', name, 'tell'], tell })),
    ...policy.rules.map(({ tell }, index) => ({ path: ['rules', String(index), 'tell'], tell })),
  ]
  return told.flatMap(({ path, tell }) =>
    tell
      .filter((name) => !Object.hasOwn(policy.receivers, name))
      .map((name) => ({
        path,
        cause: `${name} is no receiver of this policy`,
        cure: cureUnknown(name, Object.keys(policy.receivers), 'receivers'),
      })),
  )
}
