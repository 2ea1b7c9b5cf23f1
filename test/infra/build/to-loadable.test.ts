import { runInNewContext } from 'node:vm'
import { transform } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { toAscii } from '#infra/build/to-loadable.ts'

/** As esbuild leaves them: each is an expression, and what it is. */
const EXPRESSIONS: readonly (readonly [name: string, code: string, value: unknown])[] = [
  ['a string', `'批准了：“是”'`, '批准了：“是”'],
  ['a string beyond the basic plane', `'𠮷😀'.length`, 4],
  ['a name', `((größe) => größe + 1)(1)`, 2],
  ['the name of a member', `({ 名: 1 }).名`, 1],
  ['a comment', `/* 一个注释 \\u{zz} */ 1 // ü\n`, 1],
  ['a template', '`“${1 + 1}”，\\n😀`', '“2”，\n😀'],
  ['a tagged template', '((parts) => parts.join("|"))`是${0}😀`', '是|😀'],
  ['a regular expression', `'好的，走。'.replace(/[，。]/g, '.')`, '好的.走.'],
  ['one with ranges', `'a中文b'.match(/[一-龥]+/)[0]`, '中文'],
  ['one with the flag u', `/^.$/u.test('😀') && /^[😀-😎]{2}$/u.test('😁😂') && !/^[😀]$/u.test('\\ud83d')`, true],
  ['one without the flag u', `'😀'.replace(/^😀$/, 'smiles')`, 'smiles'],
  ['one with the flag v', `/^[\\p{L}--[中]]$/v.test('文')`, true],
  ['one with escapes before it', `/\\\\。\\.，/.test('\\\\。.，')`, true],
  ['one with a named group', `/(?<größe>\\d+)/u.exec('12').groups.größe`, '12'],
]

describe('ASCII code means the same:', () => {
  it.each(EXPRESSIONS)('%s', async (_, code, value) => {
    const { code: printed } = await transform(code, { format: 'cjs', platform: 'node', target: 'node20' })
    for (const each of [code, printed]) {
      const ascii = toAscii(each)
      expect(runInNewContext(each)).toEqual(value)
      expect(runInNewContext(ascii)).toEqual(value)
      expect(ascii).toMatch(/^[\0-\x7F]*$/)
    }
  })
})

describe('code that would not mean the same is refused:', () => {
  it('raw templates', () => {
    expect(() => toAscii('String.raw`：`')).toThrow('raw templates')
  })

  it.each([`/\\。/.test('。')`, '`\\。`', `'\\。'`, `/\\\\\\。/`])(
    'a backslash before what is no ASCII, %s',
    (code) => {
      expect(() => toAscii(code)).toThrow('backslash')
    },
  )
})

it('ASCII code stays as it is', () => {
  const code = `const answer = { yes: /^\\u{1F600}\\n$/u, no: \`\${1}\` }`
  expect(toAscii(code)).toBe(code)
})
