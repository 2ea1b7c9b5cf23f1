// Hours and freezes that never are, or that are of no rule.
import { cureUnknown } from './nearest.ts'
import type { PolicyFault } from './policy-lint.ts'
import type { PolicyDocument } from './policy.ts'

export function lintCalendar({ rules, freezes }: PolicyDocument): readonly PolicyFault[] {
  const hours = rules.flatMap((rule, index) =>
    (rule.hours ?? []).flatMap(({ from, to }, position) =>
      from < to
        ? []
        : [
            {
              path: ['rules', String(index), 'hours', String(position)],
              cause: 'these hours end before they begin',
              cure: 'write two entries for hours that go past midnight: one to 24:00, and one of the next day from 00:00',
            },
          ],
    ),
  )
  const endless = freezes.flatMap(({ from, until }, index) =>
    from < until
      ? []
      : [
          {
            path: ['freezes', String(index)],
            cause: 'this freeze ends before it begins',
            cure: 'correct its from and until',
          },
        ],
  )
  const unknown = freezes.flatMap((freeze, index) =>
    (freeze.rules ?? [])
      .filter((name) => !rules.some((rule) => rule.name === name))
      .map((name) => ({
        path: ['freezes', String(index), 'rules'],
        cause: `${name} is no rule of this policy`,
        cure: cureUnknown(
          name,
          rules.map((rule) => rule.name),
          'rules',
        ),
      })),
  )
  const names = freezes.map(({ name }) => name)
  const twice = names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: ['freezes', String(index)],
            cause: `${name} names two freezes`,
            cure: 'give each freeze a name of its own',
          },
        ],
  )
  return [...hours, ...endless, ...unknown, ...twice]
}
