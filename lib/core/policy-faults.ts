// What is wrong with a policy's form, as cause and cure. No value is ever repeated: it might be a key that is private.
import { exampleOf } from './chat-examples.ts'
import { findNearest } from './nearest.ts'
import { sayCause, TYPES } from './policy-causes.ts'
import type { PolicyFault } from './policy-lint.ts'
import { findForms, toPolicySchema, type Form } from './policy-schema.ts'
import { findLacks, findMeant, type Way } from './policy-unions.ts'
import type * as z from './zod.ts'

type Issue = z.core.$ZodIssue

interface Written {
  readonly document: unknown
  readonly form: Form
}

/** `issues`: what `schema` said about `document`. */
export function toPolicyFaults(
  issues: readonly Issue[],
  schema: z.ZodMiniType,
  document: unknown,
): readonly PolicyFault[] {
  const written = { document, form: toPolicySchema(schema) }
  const faults = issues.flatMap((issue) => explain(written, issue, []))
  const meant = new Set(faults.map(({ path, cure }) => JSON.stringify([path.slice(0, -1), cure])))
  // What is missing only because it is misspelled is told once.
  return faults.filter(
    ({ path, cause }) =>
      cause !== MISSING || !meant.has(JSON.stringify([path.slice(0, -1), `did you mean ${path.at(-1)}?`])),
  )
}

const MISSING = 'is missing'

function explain(written: Written, issue: Issue, within: readonly string[]): readonly PolicyFault[] {
  const path = [...within, ...issue.path.map(String)]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => explainUnknown(written, path, key))
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return explainUnion(written, findMeant(issue.errors), path)
  }
  const value = path.reduce<unknown>(valueWithin, written.document)
  if (value === undefined) {
    return [{ path, cause: MISSING, cure: isCopied(path) ? COPY : `add it${sayExample(written, path)}` }]
  }
  return [
    { path, cause: sayCause(issue, value, findForms(written.form, path)), cure: sayCure(written, issue, path, value) },
  ]
}

function explainUnion(written: Written, ways: readonly Way[], path: readonly string[]): readonly PolicyFault[] {
  const lacks = findLacks(ways)
  const way = ways.slice(0, 1).flat()
  if (lacks.length < 2) return way.flatMap((each) => explain(written, each, path))
  const cure = `add one of them${sayExample(written, path)}`
  return [
    { path, cause: `has neither ${lacks.join(' nor ')}`, cure },
    ...way.filter(({ code }) => code === 'unrecognized_keys').flatMap((each) => explain(written, each, path)),
  ]
}

function explainUnknown(written: Written, within: readonly string[], key: string): PolicyFault {
  const path = [...within, key]
  const known = [...new Set(findForms(written.form, within).flatMap(({ properties }) => Object.keys(properties ?? {})))]
  if (key === 'd' && known.includes('kty')) {
    return { path, cause: 'belongs to a private key', cure: 'remove it, and make a new key: this one is no secret now' }
  }
  // Without its credential id, which is none, a passkey was read as a JWK.
  if (key === 'passkey' && known.includes(key)) return { path, cause: 'is no credential id', cure: COPY }
  if (key === 'states' && path[0] === 'receivers' && known.includes(key)) {
    return { path, cause: 'only receivers with a url can choose states', cure: 'remove it: a group has one card' }
  }
  if (known.includes(key)) {
    // A way to write this that knows the member was refused for something else.
    const anew = isCopied(path) ? COPY : `write it anew${sayExample(written, path)}`
    return { path, cause: 'does not fit with what stands beside it', cure: `remove it, or ${anew}` }
  }
  const near = findNearest(key, known)
  const cure = near === undefined ? `remove it; there is ${known.join(', ')}` : `did you mean ${near}?`
  return { path, cause: 'is not known here', cure }
}

function sayCure(written: Written, issue: Issue, path: readonly string[], value: unknown): string {
  if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof value === 'number')
    return 'put it in quotes'
  if (issue.code === 'invalid_key') return 'give it another name'
  if (value === null && path.length > 0 && isMapping(issue)) return 'write {} where there is nothing to say'
  if (path.at(-2) === 'keys' && /^(ssh|ecdsa|sk)-/.test(String(value))) {
    return "write a line of OpenSSH as { ssh: 'ssh-ed25519 AAAA… alice@laptop' }"
  }
  if (issue.code === 'invalid_format' && path.at(-2) === 'chat') {
    return `write it anew, as in: chat: [ "${exampleOf('person', value)}" ]`
  }
  if (issue.code === 'invalid_format' && path.at(-1) === 'group') {
    const isBase64 = /^dingtalk\/.*\//.test(String(value))
    return isBase64 ? 'write _ for each / in the id' : `write it anew, as in: group: "${exampleOf('group', value)}"`
  }
  const near = findMeantValue(String(value), listChoices(written, issue, path))
  if (near !== undefined) return `did you mean ${near}?`
  return isCopied(path) ? COPY : `write it anew${sayExample(written, path)}`
}

const COPY = 'copy the whole line of the key again'

/** Nobody makes these up: they come with the key. */
function isCopied(path: readonly string[]): boolean {
  return path.at(-3) === 'keys' && ['kty', 'crv', 'x', 'y', 'n', 'e', 'passkey'].includes(String(path.at(-1)))
}

function listChoices({ form }: Written, issue: Issue, path: readonly string[]): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code === 'invalid_union') return findForms(form, path).map((each) => String(each.const))
  return path.at(-1) === 'timeZone' ? Intl.supportedValuesOf('timeZone').filter((zone) => zone.includes('/')) : []
}

/** `monday` is far from `mon`, and means it; China's code is not that of its language. */
function findMeantValue(value: string, choices: readonly string[]): string | undefined {
  if (/^(cn|chinese|中文)$/i.test(value) && choices.includes('zh')) return 'zh'
  return findNearest(value, choices) ?? choices.find((choice) => value.toLowerCase().startsWith(choice))
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
