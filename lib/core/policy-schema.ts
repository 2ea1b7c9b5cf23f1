// The form of the policy file as JSON Schema: published for editors, and asked for what could have been meant.
import { POLICY_EXAMPLES } from './policy-examples.ts'
import * as z from './zod.ts'

/** A JSON Schema (draft 2020-12), or a part of one. */
export type Form = z.core.JSONSchema.BaseSchema

/** What a file has to look like before anything is filled in. Checks that no JSON Schema can express are not in it. */
export function toPolicySchema(schema: z.ZodMiniType): Form {
  return {
    $id: 'urn:startgate:policy:v1',
    title: 'Startgate policy',
    description: 'Who may ask that an instance be started, for which instances, and whose yes is needed.',
    ...addExamples(z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }), ''),
  }
}

/** Each form that the place may have: several where a thing can be written in several ways, none where nothing is known. */
export function findForms(form: Form, path: readonly string[]): readonly Form[] {
  return path.reduce<readonly Form[]>(
    (forms, name) => forms.flatMap((each) => formsWithin(each, name)),
    toVariants(form),
  )
}

function formsWithin({ properties, items, additionalProperties }: Form, name: string): readonly Form[] {
  return [properties?.[name], items, additionalProperties].filter(isForm).flatMap(toVariants)
}

function toVariants(form: Form): readonly Form[] {
  return [form, ...variantsOf(form).filter(isForm).flatMap(toVariants)]
}

function variantsOf({ anyOf, oneOf }: Form): readonly unknown[] {
  return [anyOf, oneOf].flatMap((forms) => forms ?? [])
}

function isForm(value: unknown): value is Form {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `owner`: the member that this is the value of, or an entry of. */
function addExamples(form: Form, owner: string): Form {
  return Object.fromEntries(
    Object.entries(form).map(([keyword, value]: [string, unknown]) => {
      if (keyword === 'properties') return [keyword, addExamplesToMembers(value as Members, owner)]
      if (keyword === 'anyOf' || keyword === 'oneOf')
        return [keyword, (value as readonly Form[]).map((each) => addExamples(each, owner))]
      return [keyword, isForm(value) ? addExamples(value, owner) : value]
    }),
  )
}

type Members = Readonly<Record<string, Form>>

function addExamplesToMembers(members: Members, owner: string): Members {
  return Object.fromEntries(
    Object.entries(members).map(([name, form]) => {
      const example = POLICY_EXAMPLES[owner === '' ? name : `${owner}.${name}`]
      return [name, { ...addExamples(form, name), ...(example === undefined ? {} : { examples: [example] }) }]
    }),
  )
}
