import { describe, expect, test } from 'vitest'
import * as z from '#core/zod.ts'
import {
  DOCUMENTS,
  exists,
  findAnchors,
  findLinks,
  findPaths,
  findScripts,
  listTree,
  readDocument,
  resolves,
} from './documents.ts'

describe.each(DOCUMENTS)('%s', (name) => {
  const text = readDocument(name)

  test('names only paths that exist', () => {
    const tree = listTree()

    expect(findPaths(text).filter((path) => !exists(path, tree))).toEqual([])
  })

  test('names only scripts that exist', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readDocument('package.json')))

    expect(findScripts(text).filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
  })

  test('links only to what is there', () => {
    expect(findLinks(text).filter((target) => !resolves(name, target))).toEqual([])
  })
})

describe('the check itself', () => {
  const tree = ['lib/', 'lib/core', 'lib/core/row.ts', 'infra/ram', 'infra/ram/gate.json']

  test('finds paths in backticks and nothing else', () => {
    expect(findPaths('`lib/core/row.ts`, lib/flow, `npm test`, `infra/ram/<function>.json` and `lib.x`')).toEqual([
      'lib/core/row.ts',
      'infra/ram/<function>.json',
    ])
  })

  test.each([
    ['lib/', true],
    ['lib/core', true],
    ['lib/core/', true],
    ['lib/core/row.ts', true],
    ['lib/**/row.ts', true],
    ['lib/*/row.ts', true],
    ['infra/ram/<function>.json', true],
    ['lib/core/rowXts', false],
    ['lib/*.ts', false],
    ['lib/cor', false],
    ['infra/ram/<function>.yaml', false],
  ])('%s: %s', (path, there) => {
    expect(exists(path, tree)).toBe(there)
  })

  test('finds scripts and links', () => {
    expect(findScripts('Run `npm run check`, then npm run build:all.')).toEqual(['check', 'build:all'])
    expect(findLinks('[a](README.md#x) [b](https://example.com) [c](mailto:a@example.com) [d](#y)')).toEqual([
      'README.md#x',
      '#y',
    ])
  })

  test.each(['NOTHING.md', 'package.json#nowhere', '#nowhere'])('%s leads nowhere', (target) => {
    expect(resolves('package.json', target)).toBe(false)
  })

  test('a heading is an anchor', () => {
    expect(findAnchors('# One\n\n## What we promise, and why\ntext # not\n')).toEqual([
      'one',
      'what-we-promise-and-why',
    ])
  })
})
