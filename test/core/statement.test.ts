import { describe, expect, test } from 'vitest'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { digestProposal, sayProposal } from '#core/proposal.ts'
import { toSignedText, withoutDomain } from '#core/signed-text.ts'
import {
  createStatement,
  evidenceSchema,
  parseStatement,
  toolOf,
  toSshNamespace,
  type Evidence,
} from '#core/statement.ts'
import { aProposal, AUDIENCE, NOW } from '#support/samples.ts'

const PROPOSAL = aProposal()
const STATEMENT = createStatement(PROPOSAL, 'approve', 'bob', NOW / 1000, 'Fine')
const TEXT = toCanonicalJson(STATEMENT)

function parse(text: string): ReturnType<typeof parseStatement> {
  return parseStatement(new TextEncoder().encode(text))
}

describe('createStatement', () => {
  test('names the proposal, where it counts, who says it and when, and repeats the line', () => {
    expect(STATEMENT).toEqual({
      v: 1,
      audience: AUDIENCE,
      decision: 'approve',
      proposal: digestProposal(PROPOSAL),
      approver: 'bob',
      says: sayProposal(PROPOSAL),
      iat: NOW / 1000,
      reason: 'Fine',
    })
  })

  test('has no reason where none was given', () => {
    expect(createStatement(PROPOSAL, 'deny', 'bob', 0)).not.toHaveProperty('reason')
  })
})

describe('toSignedText', () => {
  test('is the domain and the canonical statement', () => {
    expect(toSignedText(STATEMENT)).toBe(`startgate-statement/v1\n${TEXT}`)
  })

  test('is taken apart again, and nothing else is', () => {
    expect(withoutDomain(toSignedText(STATEMENT))).toBe(TEXT)
    expect(withoutDomain(TEXT)).toBeUndefined()
  })

  test('is signed by SSH keys for this purpose at one deployment', () => {
    expect(toSshNamespace(AUDIENCE)).toBe(`startgate-approval@${AUDIENCE}`)
  })
})

describe('parseStatement', () => {
  test('gives back what was signed', () => {
    expect(parse(TEXT)).toEqual(STATEMENT)
  })

  test.each([
    ['a space', TEXT.replace(':', ': ')],
    ['a line feed at the end', `${TEXT}\n`],
    ['another order of names', JSON.stringify(STATEMENT)],
    ['a repeated name', TEXT.replace('"v":1', '"v":1,"v":1')],
    ['a repeated decision', TEXT.replace('{', '{"decision":"deny",')],
    ['an escape that need not be', TEXT.replace('"bob"', String.raw`"\u0062ob"`)],
    ['an escaped slash', TEXT.replace('/', String.raw`\/`)],
    ['another spelling of a number', TEXT.replace('"v":1', '"v":1.0')],
    ['spaces around the reason', TEXT.replace('"Fine"', '" Fine"')],
    ['a byte order mark', `\ufeff${TEXT}`],
  ])('refuses another spelling of it: %s', (_what, text) => {
    expect(text).not.toBe(TEXT)
    expect(parse(text)).toBeUndefined()
  })

  test.each([
    ['an unknown field', { ...STATEMENT, force: true }],
    ['another version', { ...STATEMENT, v: 2 }],
    ['an unknown decision', { ...STATEMENT, decision: 'maybe' }],
    ['no approver', { ...STATEMENT, approver: '' }],
    ['a digest that is none', { ...STATEMENT, proposal: 'req_1' }],
    ['a time in milliseconds that no date has', { ...STATEMENT, iat: 8_640_000_000_001 }],
    ['a time before 1970', { ...STATEMENT, iat: -1 }],
    ['a time that is no integer', { ...STATEMENT, iat: 1.5 }],
    ['no line', { ...STATEMENT, says: '' }],
    ['an endless line', { ...STATEMENT, says: 'x'.repeat(1001) }],
    ['an empty reason', { ...STATEMENT, reason: '' }],
    ['a list', [STATEMENT]],
    ['null', null],
  ])('refuses %s', (_what, value) => {
    expect(parse(toCanonicalJson(value))).toBeUndefined()
  })

  test('refuses half of a character, which has no canonical form', () => {
    expect(parse(TEXT.replace('"start ', String.raw`"\ud800start `))).toBeUndefined()
  })

  test.each(['', '{', TEXT.slice(0, -1)])('refuses text that is no JSON: %#', (text) => {
    expect(parse(text)).toBeUndefined()
  })

  // In the reason any character may stand, so also the one that readers put for bytes they cannot read.
  test.each(['b', 'F'])('refuses bytes that are no UTF-8, in place of %s', (letter) => {
    const bytes = new TextEncoder().encode(TEXT)
    bytes[bytes.indexOf(letter.charCodeAt(0))] = 0xff

    expect(parseStatement(bytes)).toBeUndefined()
  })
})

describe('toolOf', () => {
  const statement = 'x'

  test.each<[Evidence, string]>([
    [{ kind: 'jws', token: 'x' }, 'own-tool'],
    [{ kind: 'ssh', statement, signature: 'x' }, 'own-tool'],
    [{ kind: 'passkey', statement, credential: 'x', authenticatorData: 'x', clientData: 'x', signature: 'x' }, 'page'],
  ])('%o is made with: %s', (evidence, tool) => {
    expect(toolOf(evidence)).toBe(tool)
  })
})

describe('evidenceSchema', () => {
  test.each([
    [{ kind: 'jws', token: 'x' }, true],
    [{ kind: 'jws', token: 'x'.repeat(8192) }, true],
    [{ kind: 'jws', token: 'x'.repeat(8193) }, false],
    [{ kind: 'jws', token: '' }, false],
    [{ kind: 'trust-me', token: 'x' }, false],
    [{ kind: 'jws', token: 'x', key: 'mine' }, false],
    [{ kind: 'ssh', statement: 'x', signature: 'x' }, true],
    [{ kind: 'ssh', statement: 'x'.repeat(4096), signature: 'x'.repeat(2048) }, true],
    [{ kind: 'ssh', statement: 'x'.repeat(4097), signature: 'x' }, false],
    [{ kind: 'ssh', statement: 'x', signature: 'x'.repeat(2049) }, false],
    [{ kind: 'ssh', statement: '', signature: 'x' }, false],
    [{ kind: 'ssh', statement: 'x\ud800', signature: 'x' }, false],
    [{ kind: 'ssh', signature: 'x' }, false],
    [{ kind: 'ssh', statement: 'x', signature: 'x', token: 'x' }, false],
  ])('%#: %s', (evidence, passes) => {
    expect(evidenceSchema.safeParse(evidence).success).toBe(passes)
  })
})
