// The simulation as one file that can run by itself, with faults planted in it or without.
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { Planted } from './planted.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Where bundles and histories are kept. */
export const CACHE = `${ROOT}node_modules/.cache/simulation`

/** Throws when the text that an edit replaces is not there exactly once: the fault would be planted nowhere. */
function plant({ name, edits }: Planted): Plugin {
  return {
    name: 'plant',
    setup({ onLoad, onEnd }) {
      const missed = new Set(edits)
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const own = edits.filter(({ file }) => file === relative(ROOT, path))
        if (own.length === 0) return undefined
        let contents = await readFile(path, 'utf8')
        for (const edit of own) {
          if (contents.split(edit.from).length !== 2) continue
          contents = contents.replace(edit.from, () => edit.to)
          missed.delete(edit)
        }
        return { contents, loader: 'ts' }
      })
      onEnd(() => {
        const [first] = missed
        if (first !== undefined)
          throw new Error(`"${name}" cannot be planted: ${first.file} does not hold its text once`)
      })
    },
  }
}

export async function bundleSimulation(entry: string, outfile: string, planted?: Planted): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'silent',
    plugins: planted === undefined ? [] : [plant(planted)],
    banner: {
      js: "import { createRequire as createRequireOfRun } from 'node:module'\nconst require = createRequireOfRun(import.meta.url)",
    },
  })
}
