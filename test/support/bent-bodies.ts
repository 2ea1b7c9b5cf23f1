// Every body that is a given one with something bent in it: a member gone, doubled, of another type, far too long, far too
// deep, or under a name that objects have of their own. JSON and forms, and JSON in strings in either.

const DEEP = 5000
const LONG = 70_000

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  '',
  ' ',
  '__proto__',
  'constructor',
  '\u0000',
  '../../etc',
  'x'.repeat(LONG),
  [],
  [null],
  {},
  { toString: null },
  JSON.parse('{"__proto__":{"kind":"said"}}'),
]

export function bendBody(body: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(body).toString()
  const json = parseJson(text)
  const bent = json === undefined ? bendForm(new URLSearchParams(text)) : bendJson(json).map(toJson)
  return [...bent, ...nonsense()].map((each) => Buffer.from(each))
}

/** Bodies that say nothing. The last is not UTF-8. */
function nonsense(): readonly (string | Uint8Array)[] {
  const deep = `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`
  const texts = [
    '',
    ' ',
    '{',
    'null',
    '[]',
    '{}',
    '0',
    '"x"',
    'payload=',
    'payload=%7B',
    '%',
    '=',
    '&&&',
    'a=%ff',
    deep,
  ]
  const deepObject = `${'{"event":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`
  return [
    ...texts,
    deepObject,
    `payload=${deep}`,
    `{"__proto__":{"type":"x"}}`,
    'x'.repeat(LONG),
    Buffer.from([0xff, 0x7b]),
  ]
}

function bendForm(form: URLSearchParams): readonly string[] {
  return [...form].flatMap(([name, value]) => {
    const without = new URLSearchParams([...form].filter(([other]) => other !== name))
    const withValue = (text: string): string =>
      `${without.toString()}&${new URLSearchParams({ [name]: text }).toString()}`
    const json = parseJson(value)
    const inside = json === undefined ? [] : bendJson(json).map((each) => withValue(toJson(each)))
    const odd = ['', ' ', '\u0000', '__proto__', '[object Object]', '../../etc', 'x'.repeat(LONG), '{"a":1}']
    const doubled = `${form.toString()}&${new URLSearchParams({ [name]: `${value}x` }).toString()}`
    return [without.toString(), doubled, ...odd.map(withValue), ...inside]
  })
}

/** The value itself is bent, and then each of its members. */
function bendJson(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    const members = value.flatMap((each, n) => bendJson(each).map((bent) => value.with(n, bent)))
    return [...ODD, [...value, ...value], ...members]
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    const members = entries.flatMap(([name, each]) => [
      Object.fromEntries(entries.filter(([other]) => other !== name)),
      ...bendJson(each).map((bent) => ({ ...value, [name]: bent })),
    ])
    return [...ODD, ...members]
  }
  const json = typeof value === 'string' ? parseJson(value) : undefined
  return typeof json === 'object' && json !== null ? [...ODD, ...bendJson(json).map(toJson)] : ODD
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function toJson(value: unknown): string {
  return JSON.stringify(value)
}
