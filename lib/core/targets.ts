// Who hears of a request: the log, those who asked, those who may say yes, and whoever its rule names. Nobody else.
import type { Asks } from './asks.ts'
import { fromIdentity, fromTarget, toPrivate, toTarget, type Address } from './chat.ts'
import type { PolicyDocument } from './policy.ts'
import type { Proposal } from './proposal.ts'
import type { Platform } from './words.ts'

/** The log hears everything; it is what a team without any receiver has. */
export const LOG_TARGET = 'log'

/**
 * The log; receivers with an address, by name; then chats, as `toTarget` writes them. Each once, however many reasons there
 * are for it. `asks` must hold a proposal.
 */
export function findTargets(policy: PolicyDocument, asks: Asks): readonly string[] {
  const { proposal } = asks
  if (proposal === undefined) throw new TypeError('a stream without a request has no targets')
  const people = [...toAskers(policy, proposal), ...proposal.rule.approvers]
  const origin = toOrigin(asks).filter((each) => each.kind === 'group' || isOfAskers(policy, proposal, each))
  return [LOG_TARGET, ...toTargets(policy, findReceivers(policy, proposal), people, origin)]
}

/** Where a person hears of what is nobody's request: at the receivers, and alone. */
export function findTargetsOf(policy: PolicyDocument, name: string): readonly string[] {
  const names = policy.people[name]?.tell ?? []
  return toTargets(policy, names, [name], [])
}

export function findWebhook({ receivers }: PolicyDocument, name: string) {
  const receiver = Object.hasOwn(receivers, name) ? receivers[name] : undefined
  return receiver !== undefined && 'url' in receiver ? receiver : undefined
}

/** Where this person is written to alone, at the first of their identities; none for one whom the policy has in no chat. */
export function toAddress(policy: PolicyDocument, name: string): readonly Address[] {
  return toAddresses(policy, name).slice(0, 1)
}

function toAddresses({ people }: PolicyDocument, name: string): readonly Address[] {
  const identities = Object.hasOwn(people, name) ? people[name]?.chat : undefined
  return (identities ?? []).map((identity) => toPrivate(fromIdentity(identity)))
}

/** Whoever asked can only look: a no of theirs is to cancel. */
export function buttonsAt(policy: PolicyDocument, proposal: Proposal, address: Address): 'decide' | 'look' {
  return isOfAskers(policy, proposal, address) ? 'look' : 'decide'
}

/** Whether this is where one of them is written to alone, by today's policy. */
function isOfAskers(policy: PolicyDocument, proposal: Proposal, address: Address): boolean {
  const own = toAskers(policy, proposal).flatMap((name) => toAddresses(policy, name))
  return own.some((each) => toTarget(each) === toTarget(address))
}

export function isConnected({ chats }: PolicyDocument, platform: Platform): boolean {
  return chats[platform] !== undefined
}

/** The requester, and the person behind a machine or a schedule. */
function toAskers(policy: PolicyDocument, { request }: Proposal): readonly string[] {
  const { principal, onBehalfOf } = request.requester
  return [principal, onBehalfOf, policy.schedules[principal]?.owner].filter((name) => name !== undefined)
}

function findReceivers(policy: PolicyDocument, proposal: Proposal): readonly string[] {
  return [
    ...toAskers(policy, proposal).flatMap((name) => policy.people[name]?.tell ?? policy.machines[name]?.tell ?? []),
    ...(policy.rules.find(({ name }) => name === proposal.rule.name)?.tell ?? []),
  ]
}

function toTargets(
  policy: PolicyDocument,
  receivers: readonly string[],
  people: readonly string[],
  more: readonly Address[],
): readonly string[] {
  const webhooks = receivers.filter((name) => findWebhook(policy, name) !== undefined)
  const chats = [
    ...receivers.flatMap((name) => toGroup(policy, name)),
    ...more,
    ...people.flatMap((name) => toAddress(policy, name)),
  ].filter(({ platform }) => isConnected(policy, platform))
  return [...new Set([...webhooks, ...chats.map(toTarget)])]
}

function toGroup({ receivers }: PolicyDocument, name: string): readonly Address[] {
  const receiver = receivers[name]
  if (receiver === undefined || !('group' in receiver)) return []
  const [platform, id] = receiver.group.split('/') as [Platform, string]
  return [{ platform, kind: 'group', id }]
}

/** The chat in which it was asked: whoever is there saw it being asked. */
function toOrigin({ events }: Asks): readonly Address[] {
  return events.flatMap(({ type, body }) => (type === 'requested' ? (fromTarget(body.from ?? '') ?? []) : []))
}
