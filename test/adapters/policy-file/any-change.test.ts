import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPolicyFile } from '#adapters/policy-file/read-policy-file.ts'
import { POLICY_TEXT } from './policy-text.ts'

const TOKENS = [
  '\n',
  '\t',
  ' ',
  '  ',
  ':',
  ': ',
  '- ',
  ',',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '#',
  '&a',
  '*a',
  '!x',
  '|',
  '?',
  '%',
  '@',
  '<<: ',
  '\n---\n',
  'null',
  '~',
  '1',
  '-1',
  '0x',
  'yes',
  'keys',
  'rules',
  '\r\n',
  '\u200B',
  '😀',
  '\u0000',
]

/** A part of the text taken out, and something else put there. */
const edit = fc.record({
  at: fc.nat({ max: POLICY_TEXT.length }),
  remove: fc.oneof(fc.constant(0), fc.nat({ max: 12 }), fc.nat({ max: 200 })),
  insert: fc.array(fc.constantFrom(...TOKENS), { maxLength: 3 }).map((tokens) => tokens.join('')),
})

test('whatever is changed in a sound file, it is read, or refused with a line of the file, a cause and a cure', () => {
  let refused = 0
  const edits = fc.array(edit, { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(edits, (all) => {
      const text = all.reduce(
        (before, { at, remove, insert }) => before.slice(0, at) + insert + before.slice(at + remove),
        POLICY_TEXT,
      )
      const file = readPolicyFile(text)
      if (file.ok) return
      refused += 1
      const lines = text.split('\n')
      expect(file.faults).not.toEqual([])
      for (const { line, column, cause, cure } of file.faults) {
        expect(line).toBeGreaterThanOrEqual(1)
        expect(line).toBeLessThanOrEqual(lines.length)
        expect(column).toBeGreaterThanOrEqual(1)
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
        expect(cause).toMatch(/\S/)
        expect(cure).toMatch(/\S/)
        // Sentences of the parsers, which know nothing of policies.
        expect(cause).not.toMatch(/^(Invalid|Unrecognized|Too) /)
      }
      expect(file.faults.map(({ line }) => line)).toEqual(file.faults.map(({ line }) => line).toSorted((a, b) => a - b))
    }),
    { numRuns: 200 },
  )
  expect(refused).toBeGreaterThan(100)
})
