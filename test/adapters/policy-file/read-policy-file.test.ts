import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { sayFault } from '#adapters/policy-file/flaw.ts'
import { readPolicyFile } from '#adapters/policy-file/read-policy-file.ts'
import { parsePolicy } from '#core/policy.ts'
import { kidOf, publicJwk } from '#support/keys.ts'
import { change, POLICY_TEXT } from './policy-text.ts'

function faultsOf(text: string): readonly string[] {
  const file = readPolicyFile(text)
  return file.ok ? [] : file.faults.map((fault) => sayFault('policy.yaml', fault))
}

const example = readFileSync(new URL('../../../infra/policy.yaml', import.meta.url), 'utf8')

describe('a sound file', () => {
  test.each([
    ['the one that ships with the source', example],
    ['one that begins as an editor of another system lets it', `\uFEFF${POLICY_TEXT.replaceAll('\n', '\r\n')}`],
    ['one in JSON', JSON.stringify(parse(POLICY_TEXT))],
    ['one that begins with ---', `---\n${POLICY_TEXT}`],
  ])('is read: %s', (_what, text) => {
    const file = readPolicyFile(text)
    const parsed = parsePolicy(parse(text))

    expect(file).toMatchObject({ ok: true, document: parse(text) })
    expect(file.ok && file.policy.digest).toBe(parsed.ok && parsed.policy.digest)
  })
})

interface Wrong {
  readonly what: string
  readonly text: string
  readonly said: readonly string[]
}

const KEPT = 'keep one of them'
const WRONG: readonly Wrong[] = [
  {
    what: 'a duration that is none',
    text: change('validFor: 2h', 'validFor: two hours'),
    said: ['28:5  rules[0].validFor: a duration looks like 30m, 2h or 1d; write it anew, as in: validFor: 2h'],
  },
  {
    what: 'a member that is missing',
    text: change('    approvers: [bob, carol]\n', ''),
    said: ['20:5  rules[0].approvers: is missing; add it, as in: approvers: [ bob, carol ]'],
  },
  {
    what: 'a member that nobody knows',
    text: change('approvers: [bob', 'approvers: [bob, carol]\n    aprovals: [bob'),
    said: ['27:5  rules[0].aprovals: is not known here; did you mean approvals?'],
  },
  {
    what: 'a member that is written twice',
    text: change('    tool: any\n', '    tool: any\n    approvals: 2\n'),
    said: [`28:5  approvals is written twice in the same place; ${KEPT}`],
  },
  {
    what: 'a key in two hands',
    text: change(`x: ${publicJwk('carol')['x']}`, `x: ${publicJwk('bob')['x']}`),
    said: [
      `11:9  people.carol.keys[0]: the key ${kidOf('bob')} is written down twice, for bob and carol; one key belongs to one principal, once`,
    ],
  },
  {
    what: 'a rule that is called as another',
    text: POLICY_TEXT + POLICY_TEXT.slice(POLICY_TEXT.indexOf('  - name: reporting')),
    said: ['30:5  rules[1].name: reporting names two rules; give each rule a name of its own'],
  },
  {
    what: 'an account that YAML takes for a number',
    text: change("'1234567890123456'", '1234567890123456'),
    said: ['23:18  rules[0].instances.accounts[0]: must be text, not a whole number; put it in quotes'],
  },
  {
    what: 'nobody who could approve',
    text: change('approvers: [bob, carol]', 'approvers: []'),
    said: ['26:5  rules[0].approvers: must not be empty; write it anew, as in: approvers: [ bob, carol ]'],
  },
  {
    what: 'a tool that there is not',
    text: change('tool: any', 'tool: own_tool'),
    said: ['27:5  rules[0].tool: must be one of any, own-tool; did you mean own-tool?'],
  },
  {
    what: 'a private key',
    text: change('  bob:\n    keys:\n      - {', '  bob:\n    keys:\n      - { d: hush,'),
    said: [
      '8:11  people.bob.keys[0].d: belongs to a private key; remove it, and make a new key: this one is no secret now',
    ],
  },
  {
    what: 'a line that is indented with a tab',
    text: change('    tell: [ops-room]', '\ttell: [ops-room]'),
    said: ['29:1  the line is indented with a tab; indent with spaces'],
  },
  {
    what: 'a receiver that there is not',
    text: change('tell: [ops-room]', 'tell: [desk]'),
    said: ['29:5  rules[0].tell: desk is no receiver of this policy; add desk to receivers, or correct the name'],
  },
  {
    what: 'a bracket that is not closed',
    text: change('mayActFor: [alice]', 'mayActFor: [alice'),
    said: [
      '16:1  the indentation does not fit, or a bracket is not closed; align it with what it belongs to, or close the bracket',
    ],
  },
  {
    what: 'a second document',
    text: `${POLICY_TEXT}---\nexample: true\n`,
    said: ['30:1  here a second document begins; a file holds one policy: remove the line --- and what follows it'],
  },
  {
    what: 'an alias',
    text: change('mayActFor: [alice]', 'mayActFor: &all [alice]').replace('[bob, carol]', '*all'),
    said: [
      '15:21  here is an anchor (&), and nothing may refer to it; remove it',
      '26:16  here is an alias (*): what it stands for is read somewhere else; write it out; for people, name a group',
    ],
  },
  {
    what: 'an alias of nothing',
    text: change('[bob, carol]', '*all'),
    said: [
      '26:16  here is an alias (*): what it stands for is read somewhere else; write it out; for people, name a group',
    ],
  },
  {
    what: 'a merge key',
    text: change('  carol:\n', '  carol:\n    <<: { tell: [ops-room] }\n'),
    said: ['10:5  people.carol.<<: is not known here; remove it; there is keys, tell, chat'],
  },
  {
    what: 'a tag of YAML',
    text: change('approvals: 1', 'approvals: !!int "1"'),
    said: ['25:22  here is a YAML tag (!); remove it; put what is to be text in quotes'],
  },
  ...['%YAML 1.1', '%TAG ! tag:example.com,2026:', '%POLICY strict'].map((line) => ({
    what: `a directive: ${line}`,
    text: `# Who may start what.\n${line}\n---\n${POLICY_TEXT}`,
    said: ['2:1  here is a directive of YAML (%); remove the line'],
  })),
  ...[0x03_4f, 0xa0, 0x11_5f, 0x18_0b, 0x20_0b, 0x28_00, 0x30_00, 0x31_64, 0xe0_00, 0xfe_0f, 0xe_01_00].map((code) => ({
    what: `a tag that looks like another, but for U+${code.toString(16)}`,
    text: change('tags: { team: data }', `tags: { team: data${String.fromCodePoint(code)} }`),
    said: [
      `24:25  here is a character that nobody sees, U+${code.toString(16).toUpperCase().padStart(4, '0')}; remove it: whoever reviews the file must see what is in it`,
    ],
  })),
  ...[
    { written: String.raw`team: "data\ud83d"`, column: 21 },
    { written: String.raw`"\udc00": data`, column: 15 },
  ].map(({ written, column }) => ({
    what: `half of a character: ${written}`,
    text: change('team: data', written),
    said: [`24:${column}  half of a character is written here (\\ud800 to \\udfff); write the whole character`],
  })),
  {
    what: 'a name that is a list',
    text: change('mayRead:', '? [mayRead]\n:'),
    said: ['18:3  a name is a list or a mapping; a name is plain text'],
  },
  {
    what: 'a name that has no end',
    text: change('  carol:', `  ${'c'.repeat(1100)}:`),
    said: ['9:3  a name has more than 1024 characters; look for a colon that belongs to the text, or a missing line'],
  },
  {
    what: 'a name that JavaScript keeps for itself',
    text: change('  carol:\n', '  __proto__: {}\n  carol:\n'),
    said: ['9:3  __proto__ is no name; give it another one'],
  },
  {
    what: 'a text that turns around for who reads it',
    text: change('# Who may start what.', '# Who may \u202Estart what.'),
    said: [
      '1:11  here is a character that nobody sees, U+202E; remove it: whoever reviews the file must see what is in it',
    ],
  },
  { what: 'nothing', text: '# later\n', said: ['1:1  must be a mapping, and nothing is there; write it anew'] },
  { what: 'a sentence', text: 'Alice may.', said: ['1:1  must be a mapping, not text; write it anew'] },
  {
    what: 'two hundred thousand characters and one',
    text: `${POLICY_TEXT}${'#'.repeat(200_001 - POLICY_TEXT.length)}`,
    said: ['1:1  the file has more than 200000 characters; leave out what is no longer needed'],
  },
  ...['['.repeat(100_000), '{a: '.repeat(40_000), `people:\n${' '.repeat(300)}alice: {}`, '- '.repeat(10_000)].map(
    (text) => ({
      what: 'a nest that would exhaust the memory',
      text,
      said: [expect.stringMatching(/^[12]:\d+ {2}this is nested too deeply; /) as unknown as string],
    }),
  ),
]

describe('a wrong file is refused with line, cause and cure', () => {
  test.each(WRONG)('$what', ({ text, said }) => {
    expect(faultsOf(text).map((fault) => fault.replace('policy.yaml:', ''))).toEqual(said)
  })

  test('everything at once, in the order of the file', () => {
    const text = change('approvals: 1', 'approvals: 0\n    sudo: true')
      .replace('tool: any', 'tool: chat')
      .replace('  bob:', '  Bob:')
      .replace('v1: true', 'v1: yes')

    expect(faultsOf(text).map((fault) => fault.replace(/ {2}.*/, ''))).toEqual([
      'policy.yaml:6:3',
      'policy.yaml:14:16',
      'policy.yaml:25:5',
      'policy.yaml:26:5',
      'policy.yaml:28:5',
    ])
  })

  test.each([
    ['a tab', change('  carol:', '\tcarol:'), ['policy.yaml:9:1  the line is indented with a tab; indent with spaces']],
    [
      'names that are written twice',
      change('mayRead: [carol]', 'mayRead: carol\nmayRead: Carol').replace('tool: any', 'tool: chat\n    tool: chat'),
      [
        `policy.yaml:19:1  mayRead is written twice in the same place; ${KEPT}`,
        `policy.yaml:29:5  tool is written twice in the same place; ${KEPT}`,
      ],
    ],
  ])('and nothing that may only follow from it: %s', (_what, text, said) => {
    expect(faultsOf(text)).toEqual(said)
  })

  test('of very many each at its own place', () => {
    const names = Array.from({ length: 500 }, (_, index) => `a${index}: 1\n`).join('')

    expect(faultsOf(names).map((fault) => Number(fault.split(':')[1]))).toEqual([
      1,
      1,
      ...Array.from({ length: 500 }, (_, index) => index + 1),
    ])
  })
})
