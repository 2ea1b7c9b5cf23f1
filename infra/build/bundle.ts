// esbuild's settings for our own code. Not minified: it would start no faster, and stacks stay readable.

import { chmod, readFile, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { BuildOptions, Metafile } from 'esbuild'
import { PACKAGES } from './packages.ts'
import { pack } from './pack.ts'
import { toLoadable } from './to-loadable.ts'

const VENDORED = Object.keys(PACKAGES)

const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: false,
  minify: false,
  metafile: true,
  logLevel: 'silent',
} satisfies BuildOptions

/** The record: the gate needs it for all that it lets in, the starter for whatever happens. */
const RECORD = ['lib/wire-record.ts', 'lib/adapters/tablestore/calls.ts', 'lib/flow/health.ts']
const PARTS = { gate: { 'gate-record.cjs': RECORD }, starter: { 'starter.cjs': RECORD } }

/** What the platform imports, and the code behind it, which `load.cjs` loads. */
export async function bundleFunctions(root: string, outdir: string): Promise<void> {
  for (const [name, parts] of Object.entries(PARTS)) {
    const options = { ...COMMON, absWorkingDir: root, external: VENDORED }
    const { metafile, files } = await pack(name, join(root, `functions/${name}.ts`), parts, options)
    requireKnownImports(metafile, VENDORED)
    for (const [file, modules] of files) await writeFile(join(outdir, file), toLoadable(modules))
    await writeFile(join(outdir, `${name}.mjs`), toEntry(name))
  }
}

export async function bundleLoader(outdir: string): Promise<void> {
  const loader = fileURLToPath(new URL('./code-cache/loader.ts', import.meta.url))
  await build({ ...COMMON, format: 'cjs', entryPoints: [loader], outfile: join(outdir, 'load.cjs') })
}

function toEntry(name: string): string {
  return `import { createRequire } from 'node:module'

export const { handler } = createRequire(import.meta.url)('./load.cjs').run('${name}')
`
}

const SHEBANG = '#!/usr/bin/env node\n'

/** One executable file that needs Node and nothing else. */
export async function bundleCli(root: string, outfile: string): Promise<void> {
  const { metafile } = await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: [join(root, 'lib/cli/main.ts')],
    outfile,
    // Bundled CommonJS packages ask for Node's own modules through `require`, which an ES module does not have.
    banner: {
      js: "import { createRequire as createRequireOfCli } from 'node:module'\nconst require = createRequireOfCli(import.meta.url)",
    },
  })
  requireKnownImports(metafile, [])
  const code = await readFile(outfile, 'utf8')
  if (!code.startsWith('#!')) await writeFile(outfile, SHEBANG + code)
  await chmod(outfile, 0o755)
}

/** What is neither bundled nor vendored nor Node's own would only be missed at run time, in the cloud. */
function requireKnownImports({ outputs }: Metafile, known: readonly string[]): void {
  const imports = Object.values(outputs).flatMap((output) => output.imports)
  const missing = imports.filter(({ path, external }) => external && !isBuiltin(path) && !known.includes(path))
  if (missing.length > 0) throw new Error(`The artifact would lack ${missing.map(({ path }) => path).join(', ')}`)
}
