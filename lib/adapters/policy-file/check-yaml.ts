// What a policy file may not have of YAML, although most readers of YAML would take it: what reads other than it looks.
import { isAlias, isMap, isNode, isPair, isScalar, visit, type Document, type YAMLMap, type YAMLParseError } from 'yaml'
import type { Flaw } from './flaw.ts'

/** What follows from one of these is not told: it only shows how the parser went on. */
export function checkYaml(text: string, document: Document.Parsed): readonly Flaw[] {
  const [broken] = document.errors.toSorted(({ pos: [one] }, { pos: [other] }) => one - other)
  return broken === undefined ? [...findDirective(text), ...findUnwanted(document)] : [toFlaw(broken)]
}

/** The parser's own sentence stands where there is none of ours; what it repeats of the text is cut off. */
function toFlaw({ code, message, pos: [offset] }: YAMLParseError): Flaw {
  const [cause, cure] = SAID[code] ?? [
    `this is not YAML: ${message.split(':')[0]}`,
    'look at the line and at the one before',
  ]
  return { offset, path: [], cause, cure }
}

const SAID: Partial<Record<YAMLParseError['code'], readonly [cause: string, cure: string]>> = {
  TAB_AS_INDENT: ['the line is indented with a tab', 'indent with spaces'],
  MULTIPLE_DOCS: ['here a second document begins', 'a file holds one policy: remove the line --- and what follows it'],
  NON_STRING_KEY: ['a name is a list or a mapping', 'a name is plain text'],
  BAD_INDENT: [
    'the indentation does not fit, or a bracket is not closed',
    'align it with what it belongs to, or close the bracket',
  ],
  BAD_SCALAR_START: ['no plain text begins with this character', 'put the text in quotes'],
  BLOCK_AS_IMPLICIT_KEY: [
    'there are two colons in the line',
    'begin a new line after the first, or put the text in quotes',
  ],
  UNEXPECTED_TOKEN: ['this does not go on from what is before it', 'look at the indentation and at the quotes of both'],
  KEY_OVER_1024_CHARS: [
    'a name has more than 1024 characters',
    'look for a colon that belongs to the text, or a missing line',
  ],
  MISSING_CHAR: ['a quote, bracket, comma or colon is missing', 'add it here, or in the line before'],
}

/** An older YAML reads `yes` and `012` in other ways, and what else a directive says takes effect somewhere else. */
function findDirective(text: string): readonly Flaw[] {
  const before = /^\uFEFF?(?:[ \t]*(?:#.*)?\r?\n)*(?=%)/.exec(text)
  if (before === null) return []
  return [{ offset: before[0].length, path: [], cause: 'here is a directive of YAML (%)', cure: 'remove the line' }]
}

function findUnwanted(document: Document.Parsed): readonly Flaw[] {
  const flaws: Flaw[] = []
  visit(document, (_key, node) => {
    if (isMap(node)) flaws.push(...findRepeats(node))
    const part = isPair(node) ? node.key : node
    if (!isNode(part)) return
    const offset = part.range?.[0] ?? 0
    if (isPair(node)) {
      if (isScalar(part) && part.value === '__proto__') flaws.push({ offset, path: [], ...PROTO })
    } else if (isAlias(part)) flaws.push({ offset, path: [], ...ALIAS })
    else if (part.anchor !== undefined) flaws.push({ offset, path: [], ...ANCHOR })
    else if (part.tag !== undefined) flaws.push({ offset, path: [], ...TAG })
    else if (isScalar(part) && /\p{Cs}/u.test(String(part.value))) flaws.push({ offset, path: [], ...HALF })
  })
  return flaws
}

/** The parser would compare each name with each other one. */
function findRepeats({ items }: YAMLMap): readonly Flaw[] {
  const seen = new Set<string>()
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return []
    const name = String(key.value)
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const cause = `${/^[\w-]{1,64}$/.test(name) ? name : 'this name'} is written twice in the same place`
    return [{ offset: key.range?.[0] ?? 0, path: [], cause, cure: 'keep one of them' }]
  })
}

const PROTO = { cause: '__proto__ is no name', cure: 'give it another one' }
const ALIAS = {
  cause: 'here is an alias (*): what it stands for is read somewhere else',
  cure: 'write it out; for people, name a group',
}
const ANCHOR = { cause: 'here is an anchor (&), and nothing may refer to it', cure: 'remove it' }
/** No digest can be taken over it. */
const HALF = { cause: 'half of a character is written here (\\ud800 to \\udfff)', cure: 'write the whole character' }
const TAG = { cause: 'here is a YAML tag (!)', cure: 'remove it; put what is to be text in quotes' }
