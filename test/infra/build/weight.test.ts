// What is deployed may grow only on purpose: its size is what every cold start reads. Who needs more raises the number here,
// and says why in the commit.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { listFiles, type BuiltFile } from '#infra/build/report.ts'

const artifact = fileURLToPath(new URL('../../../dist/function', import.meta.url))
const KIB = 1024
const MOST_IN_ALL = 3_800_000

interface Part {
  readonly name: string
  readonly mostKib: number
  readonly has: (file: string) => boolean
}

/** The first one that has a file counts it. */
const PARTS: readonly Part[] = [
  { name: 'bytecode', mostKib: 1570, has: (file) => file.endsWith('.cache') },
  {
    name: 'passkeys, loaded by a passkey',
    mostKib: 400,
    has: (file) => file.startsWith('node_modules/@simplewebauthn/'),
  },
  { name: 'the code of both functions', mostKib: 900, has: (file) => /^[\w-]+\.[cm]js$/.test(file) },
  { name: 'the SDK of Tablestore', mostKib: 290, has: (file) => file.startsWith('node_modules/@alicloud/tablestore/') },
  { name: 'the SDK of Function Compute', mostKib: 40, has: (file) => file.startsWith('node_modules/@alicloud/fc2/') },
  { name: 'the SDK of ECS', mostKib: 250, has: (file) => file.startsWith('node_modules/') },
  { name: 'the page', mostKib: 40, has: (file) => file.startsWith('page/') },
  { name: 'documents', mostKib: 100, has: (file) => /^[\w.]+\.json$/.test(file) },
]

/** What is read whatever the first event is, KiB; its bytecode is a little more. */
const READ_FIRST = { 'gate.cjs': 285, 'starter.cjs': 170 } as const

describe('what is deployed', () => {
  let files: readonly BuiltFile[]
  beforeAll(async () => {
    files = (await listFiles(artifact, ['.'])).map(({ file, bytes }) => ({ file: file.slice('./'.length), bytes }))
  })

  it('is within its budget, both functions with all that they ever load', () => {
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MOST_IN_ALL)
  })

  it('has no part that grew, and nothing that is no known part', () => {
    const sizes = weigh(files)
    expect(findGrown(sizes)).toEqual([])
    expect([...sizes.keys()].toSorted()).toEqual(PARTS.map(({ name }) => name).toSorted())
  })

  it.each(Object.entries(READ_FIRST))('reads no more at once than it must: %s', async (file, mostKib) => {
    const code = await readFile(join(artifact, file), 'utf8')
    expect(code.length).toBeLessThan(mostKib * KIB)
    expect(/^\/\/ \S*node_modules\/hono\//m.test(code)).toBe(file === 'gate.cjs')
  })

  it.each([
    ['gate-record.cjs', ['lib/flow/health.ts', 'lib/adapters/tablestore/calls.ts', 'lib/wire-record.ts']],
    ['starter.cjs', ['lib/adapters/tablestore/calls.ts', 'lib/wire-record.ts']],
  ])('has in %s what a look at the record takes', async (file, sources) => {
    const code = await readFile(join(artifact, file), 'utf8')
    expect(sources.filter((source) => !code.includes(`// ${source}\n`))).toEqual([])
  })

  it('would be told by name what grew, and what is new', () => {
    const more = files.map((each) => (each.file === 'gate.cjs' ? { ...each, bytes: each.bytes + 1150 * KIB } : each))
    const sizes = weigh([...more, { file: 'surprise.bin', bytes: 1 }])
    expect(findGrown(sizes)).toEqual([
      expect.stringMatching(/^the code of both functions: \d+ KiB, more than 900$/),
      'surprise.bin: it is no known part',
    ])
  })
})

/** Bytes by part; by file where it belongs to none. */
function weigh(files: readonly BuiltFile[]) {
  const sizes = new Map<string, number>()
  for (const { file, bytes } of files) {
    const name = PARTS.find(({ has }) => has(file))?.name ?? file
    sizes.set(name, (sizes.get(name) ?? 0) + bytes)
  }
  return sizes
}

function findGrown(sizes: ReadonlyMap<string, number>): readonly string[] {
  return [...sizes].flatMap(([name, bytes]) => {
    const part = PARTS.find((each) => each.name === name)
    if (part === undefined) return [`${name}: it is no known part`]
    return bytes > part.mostKib * KIB ? [`${name}: ${Math.ceil(bytes / KIB)} KiB, more than ${part.mostKib}`] : []
  })
}
