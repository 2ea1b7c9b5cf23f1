// What is deployed may grow only on purpose: its size is what every cold start reads. Who needs more raises the number here,
// and says why in the commit.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { listFiles } from '#infra/build/report.ts'

const dist = fileURLToPath(new URL('../../../dist', import.meta.url))
const KIB = 1024
const MOST_IN_ALL = 5000 * KIB

interface Part {
  readonly name: string
  readonly mostKib: number
  readonly has: (file: string, text: string) => boolean
}

/** The first one that has a file counts it. */
const PARTS: readonly Part[] = [
  { name: 'the gate alone', mostKib: 320, has: (file) => file === 'gate.mjs' },
  { name: 'the starter alone', mostKib: 28, has: (file) => file === 'starter.mjs' },
  {
    name: 'passkeys, loaded by a passkey',
    mostKib: 980,
    has: (file, text) =>
      file.startsWith('chunks/') && /^\/\/ .*node_modules\/(@simplewebauthn|@peculiar)\//m.test(text),
  },
  { name: 'what both functions load', mostKib: 420, has: (file) => file.startsWith('chunks/') },
  { name: 'the SDK of Tablestore', mostKib: 620, has: (file) => file.startsWith('node_modules/@alicloud/tablestore/') },
  { name: 'the SDK of Function Compute', mostKib: 115, has: (file) => file.startsWith('node_modules/@alicloud/fc2/') },
  { name: 'the SDK of ECS', mostKib: 790, has: (file) => file.startsWith('node_modules/') },
  { name: 'the page', mostKib: 40, has: (file) => file.startsWith('page/') },
  { name: 'documents', mostKib: 220, has: (file) => /^[\w.]+\.json$/.test(file) },
]

describe('what is deployed', () => {
  let files: readonly { readonly file: string; readonly bytes: number; readonly text: string }[]
  beforeAll(async () => {
    const listed = await listFiles(dist, ['function'])
    files = await Promise.all(
      listed.map(async ({ file, bytes }) => {
        const text = await readFile(join(dist, file), 'utf8')
        return { file: file.slice('function/'.length), bytes, text }
      }),
    )
  })

  it('is within its budget, both functions with all that they ever load', () => {
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MOST_IN_ALL)
  })

  it('has no part that grew, and nothing that is no known part', () => {
    const sizes = weigh(files)
    expect(findGrown(sizes)).toEqual([])
    expect([...sizes.keys()].toSorted()).toEqual(PARTS.map(({ name }) => name).toSorted())
  })

  it('has the web application in the gate alone', () => {
    const withIt = files.filter(({ text }) => /^\/\/ .*node_modules\/hono\//m.test(text))
    expect(withIt.map(({ file }) => file)).toEqual(['gate.mjs'])
  })

  it('would be told by name what grew, and what is new', () => {
    const more = files.map((each) => (each.file === 'gate.mjs' ? { ...each, bytes: each.bytes + 100 * KIB } : each))
    const sizes = weigh([...more, { file: 'surprise.bin', bytes: 1, text: '' }])
    expect(findGrown(sizes)).toEqual([
      expect.stringMatching(/^the gate alone: \d+ KiB, more than 320$/),
      'surprise.bin: it is no known part',
    ])
  })
})

/** Bytes by part; by file where it belongs to none. */
function weigh(files: readonly { readonly file: string; readonly bytes: number; readonly text: string }[]) {
  const sizes = new Map<string, number>()
  for (const { file, bytes, text } of files) {
    const name = PARTS.find(({ has }) => has(file, text))?.name ?? file
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
