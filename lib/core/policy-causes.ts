// Why a member of the policy is refused, in a few words of which none is taken from the file.
import type { Form } from './policy-schema.ts'
import * as z from './zod.ts'

type Issue = z.core.$ZodIssue

/** `forms`: those that the value may have. */
export function sayCause(issue: Issue, value: unknown, forms: readonly Form[]): string {
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
      return issue.format === 'datetime' ? sayNoInstant(String(value)) : (FORMATS[issue.format] ?? issue.message)
    case 'invalid_key':
      return issue.issues.map((each) => sayCause(each, '', [])).join('; ')
    default:
      return issue.message
  }
}

export const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

const FORMATS: Readonly<Record<string, string>> = {
  url: 'must be a web address',
}

function sayNoInstant(written: string): string {
  const looksRight = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(written)
  if (!looksRight) return 'must be an instant with its time zone'
  return z.iso.date().safeParse(written.slice(0, 10)).success ? 'there is no such time of day' : 'there is no such day'
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
