import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { policySchema } from '#core/policy.ts'
import { toPolicySchema } from '#core/policy-schema.ts'
import { changeEachLeaf } from '#support/leaves.ts'
import { change, POLICY_TEXT } from './policy-text.ts'

// As an editor judges by it: examples are shown and ids are its own; formats are asked for besides patterns.
const validator = new Ajv2020({ strictTypes: false, formats: { 'date-time': true, uri: URL.canParse } })
const accepts = validator.compile(toPolicySchema(policySchema))

describe('the published schema', () => {
  test('accepts the policy that ships with the source, and that of the tests', () => {
    const example: unknown = parse(readFileSync(new URL('../../../infra/policy.yaml', import.meta.url), 'utf8'))

    expect([accepts(example), accepts.errors]).toEqual([true, null])
    expect([accepts(parse(POLICY_TEXT)), accepts.errors]).toEqual([true, null])
  })

  test.each([
    ['a duration that is none', change('validFor: 2h', 'validFor: two hours')],
    ['a member that is missing', change('    approvers: [bob, carol]\n', '')],
    ['a member that nobody knows', change('    tool: any\n', '    tool: any\n    aprovals: 2\n')],
    ['an account that YAML takes for a number', change("'1234567890123456'", '1234567890123456')],
    ['nobody who could approve', change('approvers: [bob, carol]', 'approvers: []')],
    ['a tool that there is not', change('tool: any', 'tool: own_tool')],
    ['a private key', change('  bob:\n    keys:\n      - {', '  bob:\n    keys:\n      - { d: hush,')],
    ['a person of whom nothing is written', change('  carol:\n', '  dave:\n  carol:\n')],
    ['a name in capitals', change('  carol:\n', '  Dave: {}\n  carol:\n')],
    ['no approvals', change('approvals: 1', 'approvals: 0')],
    ['nothing', '# later\n'],
  ])('refuses %s', (_what, text) => {
    expect(accepts(parse(text))).toBe(false)
  })

  test('refuses nothing that the reader takes', () => {
    const judged = changeEachLeaf(parse(POLICY_TEXT)).map(({ value }) => ({
      taken: policySchema.safeParse(value).success,
      accepted: accepts(value),
    }))

    expect(judged.filter(({ taken }) => taken).length).toBeGreaterThan(5)
    expect(judged.filter(({ taken, accepted }) => taken && !accepted)).toEqual([])
  })

  test('describes every member in words', () => {
    const bare = [...listMembers(toPolicySchema(policySchema), 'policy')].filter(([, { description }]) => !description)

    expect(new Set(bare.map(([name]) => name))).toEqual(new Set())
  })
})

interface Described {
  readonly description?: string
}

function* listMembers(form: unknown, place: string): Generator<readonly [string, Described]> {
  if (typeof form !== 'object' || form === null) return
  const members = 'properties' in form ? Object.entries(form.properties as Record<string, Described>) : []
  for (const [name, member] of members) {
    yield [`${place}.${name}`, member]
    yield* listMembers(member, name)
  }
  for (const [keyword, value] of Object.entries(form)) {
    if (keyword === 'items' || keyword === 'additionalProperties') yield* listMembers(value, place)
    if (keyword === 'anyOf' || keyword === 'oneOf')
      for (const each of value as readonly unknown[]) yield* listMembers(each, place)
  }
}
