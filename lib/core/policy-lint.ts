// What a policy's form cannot show: names that lead nowhere, keys in two hands, rules that nobody could ever satisfy.
import { toThumbprint } from './digest.ts'
import { lintPasskeys } from './lint-passkeys.ts'
import type { PolicyDocument, Rule } from './policy.ts'
import { keysOf, kindOf } from './principals.ts'
import { eligibleApprovers, neededApprovals } from './rule.ts'

export interface PolicyFault {
  readonly path: readonly string[]
  readonly cause: string
  readonly cure: string
}

export function lintPolicy(policy: PolicyDocument): readonly PolicyFault[] {
  return [
    ...sharedNames(policy),
    ...sharedKeys(policy),
    ...lintPasskeys(policy),
    ...sharedVariables(policy),
    ...actsForNobodyKnown(policy),
    ...schedulesWithoutOwner(policy),
    ...unknownReceivers(policy),
    ...unknownNames(policy, ['mayRead'], policy.mayRead),
    ...sharedRuleNames(policy),
    ...policy.rules.flatMap((rule, index) => lintRule(policy, rule, ['rules', String(index)])),
    ...weakerByTag(policy),
  ]
}

function lintRule(policy: PolicyDocument, rule: Rule, path: readonly string[]): readonly PolicyFault[] {
  const people = rule.approvers.filter(
    (name) => kindOf(policy, name) !== undefined && kindOf(policy, name) !== 'person',
  )
  const machines = people.map((name) => ({
    path: [...path, 'approvers'],
    cause: `${name} is no person, and only people approve`,
    cure: `remove ${name} from the approvers`,
  }))
  return [
    ...unknownNames(policy, [...path, 'requesters'], rule.requesters),
    ...unknownNames(policy, [...path, 'approvers'], rule.approvers),
    ...unknownNames(policy, [...path, 'mayCancel'], rule.mayCancel),
    ...machines,
    ...(machines.length > 0 ? [] : unsatisfiable(policy, rule, path)),
  ]
}

/** The worst case counts: nobody behind a machine, and local disks to be wiped where the rule allows it. */
function unsatisfiable(policy: PolicyDocument, rule: Rule, path: readonly string[]): readonly PolicyFault[] {
  return rule.requesters.flatMap((principal) => {
    const onBehalfOf = policy.schedules[principal]?.owner
    const requester = { principal, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) }
    const needed = neededApprovals(policy, rule, requester, rule.mayInitLocalDisk)
    const able = eligibleApprovers(rule, requester).filter((name) => keysOf(policy, name).length > 0)
    if (able.length >= needed) return []
    return [
      {
        path: [...path, 'approvers'],
        cause: `a request by ${principal} needs ${needed} approval${needed === 1 ? '' : 's'}, and ${able.length} of the approvers can give one`,
        cure: 'name more approvers who have a key and are not the requester, or ask for fewer approvals',
      },
    ]
  })
}

/** Tags can be changed by people who may not start anything: one more tag must never lead to an easier rule. */
function weakerByTag(policy: PolicyDocument): readonly PolicyFault[] {
  return policy.rules.flatMap((tagged, index) => {
    const plain = policy.rules.find(
      (other) => hasFewerTags(other, tagged) && mayOverlap(tagged, other) && isWeaker(tagged, other),
    )
    if (plain === undefined) return []
    return [
      {
        path: ['rules', String(index)],
        cause: `with its tag an instance is started more easily than by rule ${plain.name}, which applies without it`,
        cure: `make ${tagged.name} at least as strict as ${plain.name}, or name its instances by id`,
      },
    ]
  })
}

/** Every instance that `more` is for has the tags of `fewer` too. */
function hasFewerTags(fewer: Rule, more: Rule): boolean {
  const tags = Object.entries(fewer.instances.tags)
  return (
    tags.length < Object.keys(more.instances.tags).length &&
    tags.every(([key, value]) => more.instances.tags[key] === value)
  )
}

function isWeaker(tagged: Rule, plain: Rule): boolean {
  return (
    tagged.approvals < plain.approvals ||
    (tagged.tool === 'any' && plain.tool === 'own-tool') ||
    (tagged.mayInitLocalDisk && !plain.mayInitLocalDisk) ||
    (tagged.machinesAlone !== undefined && plain.machinesAlone === undefined) ||
    tagged.approvers.some((name) => !plain.approvers.includes(name))
  )
}

function mayOverlap(one: Rule, other: Rule): boolean {
  const meet = (left: readonly string[] | undefined, right: readonly string[] | undefined): boolean =>
    left === undefined || right === undefined || left.some((each) => right.includes(each))
  return (
    meet(one.requesters, other.requesters) &&
    meet(one.instances.accounts, other.instances.accounts) &&
    meet(one.instances.regions, other.instances.regions) &&
    meet(one.instances.ids, other.instances.ids)
  )
}

function unknownNames(
  policy: PolicyDocument,
  path: readonly string[],
  names: readonly string[],
): readonly PolicyFault[] {
  return names
    .filter((name) => kindOf(policy, name) === undefined)
    .map((name) => ({
      path,
      cause: `${name} is nobody in this policy`,
      cure: `add ${name} to people, machines or schedules, or correct the name`,
    }))
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
