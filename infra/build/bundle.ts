// esbuild's settings for our own code. Not minified: it would start no faster, and stacks stay readable.

import { chmod, readFile, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { BuildOptions, Metafile } from 'esbuild'
import { BYTECODE, PACKAGES } from './packages.ts'
import { pack } from './pack.ts'
import { toLoadable } from './to-loadable.ts'

/** What the loader has an answer for. */
const GIVEN = [...Object.keys(PACKAGES), BYTECODE]

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

/** What the platform imports, and the code behind it. `loader`: that of `bundleLoader`. */
export async function bundleFunctions(root: string, outdir: string, loader: string): Promise<void> {
  for (const [name, parts] of Object.entries(PARTS)) {
    const options = { ...COMMON, absWorkingDir: root, external: GIVEN }
    const { metafile, files } = await pack(name, join(root, `functions/${name}.ts`), parts, options)
    requireKnownImports(metafile, GIVEN)
    for (const [file, modules] of files) await writeFile(join(outdir, file), toLoadable(modules))
    await writeFile(join(outdir, `${name}.mjs`), toEntry(name, loader))
  }
}

/** Writes `load.cjs`, for whoever requires an SDK of the artifact by its name. Its code. */
export async function bundleLoader(outdir: string): Promise<string> {
  const entry = fileURLToPath(new URL('./code-cache/loader.ts', import.meta.url))
  const outfile = join(outdir, 'load.cjs')
  await build({ ...COMMON, format: 'cjs', entryPoints: [entry], outfile })
  return readFile(outfile, 'utf8')
}

/** With the loader in it, and with Node's modules as CommonJS has them: each is a part of the millisecond that this saves a start. */
function toEntry(name: string, loader: string): string {
  return `import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const module = { exports: {} }
const folder = require('node:path').dirname(require('node:url').fileURLToPath(import.meta.url))
;(function (__dirname) {${loader}
})(folder)

export const { bytecodeState, listBytecode } = module.exports
export const { handler } = module.exports.run('${name}')
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
