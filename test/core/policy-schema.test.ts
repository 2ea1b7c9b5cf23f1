import { describe, expect, test } from 'vitest'
import { policySchema } from '#core/policy.ts'
import { findForms, toPolicySchema, type Form } from '#core/policy-schema.ts'

const schema = toPolicySchema(policySchema)

describe('the JSON Schema of the policy', () => {
  test('says what it is', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:startgate:policy:v1',
      title: 'Startgate policy',
      type: 'object',
      required: ['people', 'rules'],
      additionalProperties: false,
    })
  })

  test('shows an example of every member', () => {
    const members = [...membersOf(schema, '')]

    expect(members.length).toBeGreaterThan(50)
    expect(members.filter(([, { examples }]) => examples?.length !== 1).map(([name]) => name)).toEqual([])
  })

  test('is plain JSON that is made anew each time', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(toPolicySchema(policySchema))
  })
})

describe('findForms', () => {
  const keysAt = (...path: readonly string[]): readonly string[] =>
    findForms(schema, path).flatMap(({ properties = {} }) => Object.keys(properties))

  test('leads through members, lists and names that people choose', () => {
    expect(keysAt('rules', '0', 'instances')).toEqual(['accounts', 'regions', 'ids', 'tags'])
    expect(keysAt('people', 'alice')).toEqual(['keys', 'tell', 'chat'])
    expect(findForms(schema, ['rules', '3', 'approvals'])).toMatchObject([{ type: 'integer', minimum: 1, maximum: 5 }])
  })

  test('knows every way in which a thing can be written', () => {
    expect(new Set(keysAt('people', 'alice', 'keys', '0'))).toEqual(
      new Set(['kty', 'crv', 'x', 'y', 'from', 'until', 'ssh', 'passkey', 'n', 'e']),
    )
  })

  test('knows both forms of a receiver', () => {
    expect(keysAt('receivers', 'ops-room')).toEqual(['url', 'states', 'group'])
  })

  test('finds nothing where nothing is', () => {
    expect(findForms(schema, ['sudo'])).toEqual([])
    expect(findForms(schema, ['example', 'more', 'and more'])).toEqual([])
  })
})

/** Each member at any depth, with where it stands. */
function* membersOf(form: Form, place: string): Generator<readonly [string, Form]> {
  for (const [name, value] of Object.entries(form.properties ?? {})) yield [`${place}.${name}`, value as Form]
  for (const [name, value] of Object.entries({ ...form, ...form.properties })) {
    const inner = Array.isArray(value) ? (value as unknown[]) : [value]
    for (const each of inner) {
      const known = name === 'properties' || name === 'examples' || typeof each !== 'object' || each === null
      if (!known) yield* membersOf(each as Form, `${place}.${name}`)
    }
  }
}
