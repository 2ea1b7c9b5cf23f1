// Aliases that could be taken for something else, and names of instances that lead nowhere.
import { resolvePlace } from './alias.ts'
import { cureUnknown } from './nearest.ts'
import type { PolicyFault } from './policy-lint.ts'
import type { PolicyDocument } from './policy.ts'

/** `policy` as it was written: with its aliases still in place. */
export function lintAliases({ aliases, schedules, rules }: PolicyDocument): readonly PolicyFault[] {
  const mistakable = Object.keys(aliases)
    .filter((name) => name.startsWith('i-'))
    .map((name) => ({
      path: ['aliases', name],
      cause: 'it looks like an instance id',
      cure: 'give it a name that does not begin with i-',
    }))
  const places = [
    ...Object.entries(schedules).map(([name, { ask }]) => ({
      path: ['schedules', name, 'ask', 'instanceId'],
      place: ask,
    })),
    ...rules.flatMap(({ instances: { ids = [] } }, index) =>
      ids.map((instanceId) => ({ path: ['rules', String(index), 'instances', 'ids'], place: { instanceId } })),
    ),
  ]
  const astray = places
    .filter(({ place }) => resolvePlace(aliases, place) === undefined)
    .map(({ path, place: { instanceId } }) =>
      Object.hasOwn(aliases, instanceId)
        ? {
            path,
            cause: `${instanceId} is somewhere else`,
            cure: 'leave out the region and account that differ from those of the alias',
          }
        : {
            path,
            cause: `${instanceId} is no alias of this policy`,
            cure: cureUnknown(instanceId, Object.keys(aliases), 'aliases'),
          },
    )
  return [...mistakable, ...astray]
}
