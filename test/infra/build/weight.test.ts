// What is deployed may grow only on purpose: its size is what every cold start reads. Who needs more raises the number here,
// and says why in the commit.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
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
  {
    name: 'passkeys, loaded by a passkey',
    mostKib: 980,
    has: (file, text) =>
      file.startsWith('chunks/') && /^\/\/ .*node_modules\/(@simplewebauthn|@peculiar)\//m.test(text),
  },
  { name: 'the code of both functions', mostKib: 700, has: (file) => /^(chunks\/)?[\w-]+\.mjs$/.test(file) },
  { name: 'the SDK of Tablestore', mostKib: 620, has: (file) => file.startsWith('node_modules/@alicloud/tablestore/') },
  { name: 'the SDK of Function Compute', mostKib: 80, has: (file) => file.startsWith('node_modules/@alicloud/fc2/') },
  { name: 'the SDK of ECS', mostKib: 640, has: (file) => file.startsWith('node_modules/') },
  { name: 'the page', mostKib: 40, has: (file) => file.startsWith('page/') },
  { name: 'documents', mostKib: 220, has: (file) => /^[\w.]+\.json$/.test(file) },
]

/** What is loaded whatever the first event is, KiB. */
const LOADED_FIRST = { 'gate.mjs': 400, 'starter.mjs': 400 } as const

describe('what is deployed', () => {
  let files: readonly Deployed[]
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

  it.each(Object.entries(LOADED_FIRST))('loads no more at once than it must: %s', (entry, mostKib) => {
    const loaded = findLoadedFirst(files, entry)
    expect(loaded.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(mostKib * KIB)
    expect(loaded.some(({ text }) => text.includes('node_modules/hono/'))).toBe(entry === 'gate.mjs')
  })

  it('would be told by name what grew, and what is new', () => {
    const more = files.map((each) => (each.file === 'gate.mjs' ? { ...each, bytes: each.bytes + 700 * KIB } : each))
    const sizes = weigh([...more, { file: 'surprise.bin', bytes: 1, text: '' }])
    expect(findGrown(sizes)).toEqual([
      expect.stringMatching(/^the code of both functions: \d+ KiB, more than 700$/),
      'surprise.bin: it is no known part',
    ])
  })
})

interface Deployed {
  readonly file: string
  readonly bytes: number
  readonly text: string
}

/** With what each of them imports, but for what is imported when it is needed. */
function findLoadedFirst(files: readonly Deployed[], entry: string): readonly Deployed[] {
  const loaded = new Set<string>()
  const follow = (file: string): void => {
    if (loaded.has(file)) return
    loaded.add(file)
    const text = files.find((each) => each.file === file)?.text ?? ''
    for (const [, path = ''] of text.matchAll(/^(?:import|\} from) ?(?:[^'"\n]*from )?["'](\.{1,2}\/[^"']+)["']/gm))
      follow(join(dirname(file), path))
  }
  follow(entry)
  return files.filter(({ file }) => loaded.has(file))
}

/** Bytes by part; by file where it belongs to none. */
function weigh(files: readonly Deployed[]) {
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
