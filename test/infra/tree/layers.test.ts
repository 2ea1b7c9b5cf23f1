import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { lint, ROOT } from './lint.ts'

/** A small tree in which every import goes the right way. */
const SOUND = {
  'functions/gate.ts':
    "import { wire } from '#lib/wire.ts'\nimport { handle } from '#adapters/fc/handle.ts'\nexport const handler = handle(wire)\n",
  'lib/wire.ts':
    "import { table } from '#adapters/tablestore/table.ts'\nimport { tell } from '#flow/tell.ts'\nexport const wire = [table, tell]\n",
  'lib/config.ts': 'export const config = process.env\n',
  'lib/cli/main.ts': "import { rule } from '#core/rule.ts'\nexport const main = rule\n",
  'lib/core/rule.ts':
    "import { at } from './at.ts'\nimport * as z from './zod.ts'\nexport const rule = z.literal(at)\n",
  'lib/core/zod.ts': "export * from 'zod/mini'\n",
  'lib/core/at.ts': 'export const at = new Date(0).getTime()\n',
  'lib/core/digest.ts':
    "import { createHash } from 'node:crypto'\nimport canonicalize from 'canonicalize'\nexport const digest = [createHash, canonicalize]\n",
  'lib/ports/book.ts': "import type { rule } from '#core/rule.ts'\nexport type Book = typeof rule\n",
  'lib/flow/tell.ts':
    "import { rule } from '#core/rule.ts'\nimport type { Book } from '#ports/book.ts'\nexport const tell: Book = rule\n",
  'lib/adapters/tablestore/table.ts':
    "import { readFileSync } from 'node:fs'\nimport { rule } from '#core/rule.ts'\nimport type { Book } from '#ports/book.ts'\nexport const table: readonly unknown[] = [readFileSync, rule satisfies Book]\n",
  'lib/adapters/fc/handle.ts':
    "import { tell } from '#flow/tell.ts'\nexport const handle = (given: unknown) => [tell, given]\n",
  'lib/adapters/web/app.ts': "import { show } from './page/show.ts'\nexport const app = show\n",
  'lib/adapters/web/page/show.ts': "import { send } from '#adapters/web/send.ts'\nexport const show = send\n",
  'lib/adapters/web/send.ts': 'export const send = 1\n',
  'infra/local/main.ts': 'export const cloud = 1\n',
  'test/support/samples.ts': 'export const sample = 1\n',
}

/** Path → what is planted there; each file breaks one rule. */
const PLANTED: Readonly<Record<string, readonly [text: string, rule: string]>> = {
  ...imports('lib/core/imports-', {
    'the-file-system': "import { readFileSync } from 'node:fs'\nexport const x = readFileSync",
    'the-file-system-later': "export const x = () => import('node:fs')",
    'hashes-outside-digest': "import { createHash } from 'node:crypto'\nexport const x = createHash",
    'a-port': "import type { Book } from '#ports/book.ts'\nexport type X = Book",
    'the-flow': "import { tell } from '#flow/tell.ts'\nexport const x = tell",
    'an-adapter': "import { table } from '#adapters/tablestore/table.ts'\nexport const x = table",
    'the-config': "import { config } from '#lib/config.ts'\nexport const x = config",
    'a-package': "import { Hono } from 'hono'\nexport const x = Hono",
    'zod-itself': "import * as z from 'zod'\nexport const x = z",
  }),
  ...uses('lib/core/uses-', {
    'the-environment': ['export const x = process.env', 'eslint(no-restricted-globals)'],
    'random-bytes': ['export const x = crypto.randomUUID()', 'eslint(no-restricted-globals)'],
    'the-network': ["export const x = fetch('x:')", 'eslint(no-restricted-globals)'],
    'a-timer': ['export const x = setTimeout', 'eslint(no-restricted-globals)'],
    'the-global-object': ['export const x = globalThis', 'eslint(no-restricted-globals)'],
    'the-time': ['export const x = Date.now()', 'eslint(no-restricted-properties)'],
    chance: ['export const x = Math.random()', 'eslint(no-restricted-properties)'],
  }),
  ...imports('lib/ports/imports-', {
    'the-flow': "import { tell } from '#flow/tell.ts'\nexport const x = tell",
    'an-adapter': "import { table } from '#adapters/tablestore/table.ts'\nexport const x = table",
    'a-package': "import * as z from 'zod'\nexport const x = z",
  }),
  ...imports('lib/flow/imports-', {
    'an-adapter': "import { table } from '#adapters/tablestore/table.ts'\nexport const x = table",
    'the-file-system': "import { readFileSync } from 'node:fs'\nexport const x = readFileSync",
    'the-config': "import { config } from '#lib/config.ts'\nexport const x = config",
    'a-package': "import * as z from 'zod'\nexport const x = z",
  }),
  ...uses('lib/flow/uses-', {
    'the-environment': ['export const x = process.env', 'eslint(no-restricted-globals)'],
    'the-time': ['export const x = Date.now()', 'eslint(no-restricted-properties)'],
    chance: ['export const x = Math.random()', 'eslint(no-restricted-properties)'],
    'a-promise-that-nobody-awaits': ['export const x = async () => 1\nx()', 'typescript(no-floating-promises)'],
    any: ['export const x: any = 1', 'typescript(no-explicit-any)'],
  }),
  ...imports('lib/adapters/ecs/', {
    'imports-another': "import { table } from '#adapters/tablestore/table.ts'\nexport const x = table",
    'exports-from-another': "export { table } from '#adapters/tablestore/table.ts'",
    'exports-all-of-another': "export * from '#adapters/tablestore/table.ts'",
    'imports-a-type-of-another':
      "import type { table } from '#adapters/tablestore/table.ts'\nexport type X = typeof table",
    'imports-another-for-its-effects': "import '#adapters/tablestore/table.ts'",
    'imports-another-later': "export const x = () => import('#adapters/tablestore/table.ts')",
    'imports-the-local-cloud': "import { cloud } from '#infra/local/main.ts'\nexport const x = cloud",
    'imports-the-config': "import { config } from '#lib/config.ts'\nexport const x = config",
  }),
  ...imports('lib/adapters/web/page/', {
    'imports-another-adapter': "import { table } from '#adapters/tablestore/table.ts'\nexport const x = table",
    'imports-the-environment': "import { config } from '#lib/config.ts'\nexport const x = config",
  }),
  ...imports('lib/cli/', {
    'imports-the-local-cloud': "import { cloud } from '#infra/local/main.ts'\nexport const x = cloud",
    'imports-a-test': "import { sample } from '#support/samples.ts'\nexport const x = sample",
  }),
  ...imports('lib/wire-', {
    'imports-the-local-cloud': "import { cloud } from '#infra/local/main.ts'\nexport const x = cloud",
    'imports-a-test': "import { sample } from '#support/samples.ts'\nexport const x = sample",
  }),
  ...imports('functions/imports-', {
    'the-flow': "import { tell } from '#flow/tell.ts'\nexport const x = tell",
    'the-rules': "import { rule } from '#core/rule.ts'\nexport const x = rule",
    'another-adapter': "import { table } from '#adapters/tablestore/table.ts'\nexport const x = table",
    'a-package': "import * as z from 'zod'\nexport const x = z",
  }),
  'lib/core/circle-one.ts': ["import { two } from './circle-two.ts'\nexport const one = () => two", 'import(no-cycle)'],
  'lib/core/circle-two.ts': ["import { one } from './circle-one.ts'\nexport const two = () => one", 'import(no-cycle)'],
  'test/flow/upwards.ts': [
    "import { sample } from '../support/samples.ts'\nexport const x = sample",
    'import(no-relative-parent-imports)',
  ],
}

function imports(
  prefix: string,
  planted: Readonly<Record<string, string>>,
): Readonly<Record<string, readonly [string, string]>> {
  return uses(
    prefix,
    Object.fromEntries(Object.entries(planted).map(([name, text]) => [name, [text, 'eslint(no-restricted-imports)']])),
  )
}

function uses(
  prefix: string,
  planted: Readonly<Record<string, readonly [string, string]>>,
): Readonly<Record<string, readonly [string, string]>> {
  return Object.fromEntries(Object.entries(planted).map(([name, plant]) => [`${prefix}${name}.ts`, plant]))
}

describe('the linter', () => {
  let broken: ReturnType<typeof lint>

  beforeAll(() => {
    const planted = Object.fromEntries(Object.entries(PLANTED).map(([path, [text]]) => [path, `${text}\n`]))
    broken = lint({ ...SOUND, ...planted })
  })

  test.each(Object.keys(SOUND))('lets %s pass', (path) => {
    expect([...(broken.get(path) ?? [])]).toEqual([])
  })

  test.each(Object.entries(PLANTED))('refuses %s: %j', (path, [, rule]) => {
    expect([...(broken.get(path) ?? [])]).toContain(rule)
  })
})

describe('rules and flow', () => {
  /** What the linter has no rule for: `new Date()` and `Date()` read the clock, `new Date(at)` does not. */
  const CLOCK = /\bnew Date\b(?!\()|\bDate\(\s*\)|(?<!\bnew )\bDate\(/

  test.each(['new Date()', 'new Date( )', 'new Date', 'Date()', 'Date(0)'])('%s reads the clock', (text) => {
    expect(CLOCK.test(text)).toBe(true)
  })

  test.each(['new Date(at)', 'Date.parse(text)', 'Date.UTC(2026, 0)', 'isDate(x)'])('%s does not', (text) => {
    expect(CLOCK.test(text)).toBe(false)
  })

  test.each(['lib/core', 'lib/flow'])('%s never reads the clock by itself', (folder) => {
    const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    const reading = files.filter(
      (name) => name.endsWith('.ts') && CLOCK.test(readFileSync(join(ROOT, folder, name), 'utf8')),
    )

    expect(reading).toEqual([])
  })
})
