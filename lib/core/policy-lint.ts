// What a policy's form cannot show: names that lead nowhere, keys in two hands, rules that nobody could ever satisfy.
import { toThumbprint } from './digest.ts'
import { lintAliases } from './lint-aliases.ts'
import { lintCalendar } from './lint-calendar.ts'
import { lintGroups } from './lint-groups.ts'
import { lintPasskeys } from './lint-passkeys.ts'
import { lintRules } from './lint-rules.ts'
import type { PolicyDocument } from './policy.ts'
import { keysOf, kindOf } from './principals.ts'
import { resolveNames } from './resolve-names.ts'

export interface PolicyFault {
  readonly path: readonly string[]
  readonly cause: string
  readonly cure: string
}

export function lintPolicy(written: PolicyDocument): readonly PolicyFault[] {
  const policy = resolveNames(written)
  return [
    ...sharedNames(policy),
    ...lintGroups(policy),
    ...sharedKeys(policy),
    ...lintPasskeys(policy),
    ...sharedVariables(policy),
    ...actsForNobodyKnown(policy),
    ...schedulesWithoutOwner(policy),
    ...unknownReceivers(policy),
    ...unknownNames(policy),
    ...sharedRuleNames(policy),
    ...lintAliases(written),
    ...lintCalendar(policy),
    ...lintRules(policy),
  ]
}

/** A group that is known stands for its people by now. */
function unknownNames(policy: PolicyDocument): readonly PolicyFault[] {
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
        cure: `add ${name} to people, machines or schedules, or correct the name`,
      })),
  )
}

function sharedNames(policy: PolicyDocument): readonly PolicyFault[] {
  const all = [policy.people, policy.machines, policy.schedules].flatMap(Object.keys)
  return repeated(all).map((name) => ({
    path: ['people', name],
    cause: `${name} names two principals`,
    cure: 'give each person, machine and schedule a name of its own',
  }))
}

function sharedRuleNames(policy: PolicyDocument): readonly PolicyFault[] {
  return repeated(policy.rules.map(({ name }) => name)).map((name) => ({
    path: ['rules'],
    cause: `${name} names two rules`,
    cure: 'give each rule a name of its own',
  }))
}

function sharedKeys(policy: PolicyDocument): readonly PolicyFault[] {
  const kids = [...Object.keys(policy.people), ...Object.keys(policy.machines)].flatMap((name) => kidsOf(policy, name))
  return repeated(kids).map((kid) => ({
    path: ['people'],
    cause: `the key ${kid} is written down twice`,
    cure: 'one key belongs to one principal, once',
  }))
}

/**
 * By the key pair, as a JWK and a line of OpenSSH may spell the same one. A machine may sign its webhooks with a key that
 * it calls with; nobody else may hold either.
 */
function kidsOf(policy: PolicyDocument, name: string): readonly string[] {
  const own = keysOf(policy, name).map(({ jwk }) => toThumbprint({ ...jwk }))
  const webhook = (policy.machines[name]?.webhook?.v1a ?? []).map(toKidOfWebhookKey)
  return [...own, ...webhook.filter((kid) => !own.includes(kid))]
}

/** `whpk_` and 32 bytes in base64: the same key as a JWK has them in base64url. */
function toKidOfWebhookKey(whpk: string): string {
  const x = whpk.slice('whpk_'.length).replaceAll('+', '-').replaceAll('/', '_').replace('=', '')
  return toThumbprint({ crv: 'Ed25519', kty: 'OKP', x })
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
        cure: `add ${name} to receivers, or correct the name`,
      })),
  )
}

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))]
}
