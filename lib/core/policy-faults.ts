// What is wrong with a policy's form, as cause and cure. No value is ever repeated: it might be a key that is private.
import type * as z from 'zod'
import { findNearest } from './nearest.ts'
import type { PolicyFault } from './policy-lint.ts'
import { findForms, toPolicySchema, type Form } from './policy-schema.ts'

type Issue = z.core.$ZodIssue

interface Written {
  readonly document: unknown
  readonly form: Form
}

/** `issues`: what `schema` said about `document`. */
export function toPolicyFaults(issues: readonly Issue[], schema: z.ZodType, document: unknown): readonly PolicyFault[] {
  const written = { document, form: toPolicySchema(schema) }
  return issues.flatMap((issue) => explain(written, issue, []))
}

function explain(written: Written, issue: Issue, within: readonly string[]): readonly PolicyFault[] {
  const path = [...within, ...issue.path.map(String)]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => explainUnknown(written, path, key))
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return findMeant(issue.errors).flatMap((each) => explain(written, each, path))
  }
  const value = path.reduce<unknown>(valueWithin, written.document)
  if (value === undefined) return [{ path, cause: 'is missing', cure: `add it${sayExample(written, path)}` }]
  return [
    { path, cause: sayCause(issue, value, findForms(written.form, path)), cure: sayCure(written, issue, path, value) },
  ]
}

/** Of several ways to write a thing, the one that knows most of what is there. */
function findMeant(ways: readonly (readonly Issue[])[]): readonly Issue[] {
  const strange = (issue: Issue): number =>
    issue.code === 'unrecognized_keys' ? 2 * issue.keys.length : issue.code === 'invalid_union' ? 2 : 0
  const weigh = (issues: readonly Issue[]): number =>
    issues.reduce((sum, issue) => sum + strange(issue), 0) + issues.length
  return ways
    .toSorted((one, other) => weigh(one) - weigh(other))
    .slice(0, 1)
    .flat()
}

function explainUnknown(written: Written, within: readonly string[], key: string): PolicyFault {
  const path = [...within, key]
  const known = [...new Set(findForms(written.form, within).flatMap(({ properties }) => Object.keys(properties ?? {})))]
  if (key === 'd' && known.includes('kty')) {
    return { path, cause: 'belongs to a private key', cure: 'remove it, and make a new key: this one is no secret now' }
  }
  if (known.includes(key)) {
    // A way to write this that knows the member was refused for something else.
    const example = sayExample(written, path)
    return { path, cause: 'does not fit with what stands beside it', cure: `remove it, or write it anew${example}` }
  }
  const near = findNearest(key, known)
  const cure = near === undefined ? `remove it; there is ${known.join(', ')}` : `did you mean ${near}?`
  return { path, cause: 'is not known here', cure }
}

function sayCause(issue: Issue, value: unknown, forms: readonly Form[]): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}, ${value === null ? 'and nothing is there' : `not ${nameType(value)}`}`
    case 'too_small':
      return `must ${sayBound('at least', issue.origin, issue.minimum)}`
    case 'too_big':
      return `must ${sayBound('at most', issue.origin, issue.maximum)}`
    case 'invalid_value':
      return `must be ${sayChoice(issue.values)}`
    case 'invalid_union':
      return `must be ${sayChoice(forms.map((form) => form.const).filter((value) => value !== undefined))}`
    case 'invalid_format':
      return FORMATS[issue.format] ?? issue.message
    case 'invalid_key':
      return issue.issues.map((each) => sayCause(each, '', [])).join('; ')
    default:
      return issue.message
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'must be an instant with its time zone',
  url: 'must be a web address',
}

function nameType(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'a whole number' : 'such a number'
  return typeof value === 'boolean' ? 'true or false' : 'text'
}

function sayBound(bound: string, origin: string, limit: number | bigint): string {
  if (origin === 'number' || origin === 'int') return `be ${bound} ${limit}`
  if (bound === 'at least' && limit === 1) return 'not be empty'
  return `have ${bound} ${limit} ${origin === 'string' ? 'characters' : 'entries'}`
}

function sayChoice(all: readonly z.core.util.Primitive[]): string {
  const values = [...new Set(all)]
  return values.length === 1 ? `"${String(values[0])}"` : `one of ${values.map(String).join(', ')}`
}

function sayCure(written: Written, issue: Issue, path: readonly string[], value: unknown): string {
  if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof value === 'number')
    return 'put it in quotes'
  if (issue.code === 'invalid_key') return 'give it another name'
  if (value === null && path.length > 0 && isMapping(issue)) return 'write {} where there is nothing to say'
  const near = issue.code === 'invalid_value' ? findNearest(String(value), issue.values.map(String)) : undefined
  return near === undefined ? `write it anew${sayExample(written, path)}` : `did you mean ${near}?`
}

function isMapping(issue: Issue): boolean {
  return issue.code === 'invalid_type' && TYPES[issue.expected] === 'a mapping'
}

/** As it would be written in the file; of the nearest member around it that has an example. */
function sayExample({ form }: Written, path: readonly string[]): string {
  for (let length = path.length; length > 0; length -= 1) {
    const [example] = findForms(form, path.slice(0, length)).flatMap(({ examples = [] }) => examples)
    if (example !== undefined) return `, as in: ${String(path[length - 1])}: ${toYaml(example)}`
  }
  return ''
}

/** In one line. Quotes that YAML does not need are left out. */
function toYaml(value: unknown): string {
  return JSON.stringify(value, null, 1)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/"([A-Za-z][\w.-]*|\d+[smhd])"/g, '$1')
}

function valueWithin(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}
