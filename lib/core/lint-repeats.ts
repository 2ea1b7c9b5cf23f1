// Names and keys that stand in two places, found at the second one: whoever wrote it looks for the mistake there.
import { toThumbprint } from './digest.ts'
import { toJwkOfWebhookKey, type Key } from './key.ts'
import type { PolicyFault } from './policy-lint.ts'
import type { PolicyDocument } from './policy.ts'

interface Place {
  readonly path: readonly string[]
  readonly value: string
}

export function lintRepeats(policy: PolicyDocument): readonly PolicyFault[] {
  return [...sharedNames(policy), ...sharedKeys(policy), ...sharedRuleNames(policy)]
}

function sharedNames(policy: PolicyDocument): readonly PolicyFault[] {
  const principals = (['people', 'machines', 'schedules'] as const).flatMap((group) =>
    Object.keys(policy[group]).map((name) => ({ path: [group, name], value: name })),
  )
  return findRepeats(principals).map(({ path, value }) => ({
    path,
    cause: `${value} names two principals`,
    cure: 'give each person, machine and schedule a name of its own',
  }))
}

function sharedRuleNames(policy: PolicyDocument): readonly PolicyFault[] {
  const names = policy.rules.map(({ name }, index) => ({ path: ['rules', String(index), 'name'], value: name }))
  return findRepeats(names).map(({ path, value }) => ({
    path,
    cause: `${value} names two rules`,
    cure: 'give each rule a name of its own',
  }))
}

function sharedKeys(policy: PolicyDocument): readonly PolicyFault[] {
  const people = Object.entries(policy.people).flatMap(([name, { keys }]) => placeKeys(['people', name], keys))
  const machines = Object.entries(policy.machines).flatMap(([name, { keys, webhook }]) =>
    placeKeys(['machines', name], keys, webhook?.v1a),
  )
  return findRepeats([...people, ...machines]).map(({ path, value, first }) => {
    const holders = new Set([first, path].map(([, holder]) => String(holder)))
    const cause = `the key ${value} is written down twice, for ${[...holders].join(' and ')}`
    return { path, cause, cure: 'one key belongs to one principal, once' }
  })
}

/**
 * By the key pair, as a JWK and a line of OpenSSH may spell the same one. A machine may sign its webhooks with a key that
 * it calls with; nobody else may hold either.
 */
function placeKeys(holder: readonly string[], keys: readonly Key[], v1a: readonly string[] = []): readonly Place[] {
  const place = (member: readonly string[], kids: readonly string[]): readonly Place[] =>
    kids.map((value, index) => ({ path: [...holder, ...member, String(index)], value }))
  const own = place(
    ['keys'],
    keys.map(({ jwk }) => toThumbprint({ ...jwk })),
  )
  const webhook = place(
    ['webhook', 'v1a'],
    v1a.map((whpk) => toThumbprint({ ...toJwkOfWebhookKey(whpk) })),
  )
  return [...own, ...webhook.filter(({ value }) => !own.some((each) => each.value === value))]
}

/** Each place whose value stands at an earlier one too, with the first of those. */
export function findRepeats(places: readonly Place[]): readonly (Place & { readonly first: Place['path'] })[] {
  const firsts = new Map<string, Place['path']>()
  return places.flatMap((place) => {
    const first = firsts.get(place.value)
    if (first !== undefined) return [{ ...place, first }]
    firsts.set(place.value, place.path)
    return []
  })
}
