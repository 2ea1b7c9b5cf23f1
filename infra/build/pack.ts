// A function's own code as a few CommonJS files: what runs whatever the event is, what a look at the record needs, and what only
// some events need. Bytecode is read whole, so that whoever is turned away at the door would wait for that of all the rest.
import { basename } from 'node:path'
import { build, transform, type BuildOptions, type Metafile } from 'esbuild'

export interface Packed {
  readonly metafile: Metafile
  /**
   * Names of files, and their modules, each as a function that the loader calls. In the first one, named after the function, every
   * module of another has the name of its file.
   */
  readonly files: ReadonlyMap<string, string>
}

/** `parts`: files, each with sources that are imported only when they are needed, and lie in it with all that they import. */
export async function pack(
  name: string,
  entry: string,
  parts: Readonly<Record<string, readonly string[]>>,
  options: BuildOptions,
): Promise<Packed> {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: { [name]: entry },
    outdir: '/',
    chunkNames: '[name]-[hash]',
    splitting: true,
    metafile: true,
    write: false,
  })
  const main = `${name}.cjs`
  const placed = new Map(listStatic(metafile, (_, file) => file === `${name}.js`).map((file) => [file, main]))
  for (const [part, sources] of Object.entries(parts))
    for (const file of listStatic(metafile, ({ entryPoint = '' }) => sources.includes(entryPoint)))
      if (!placed.has(file)) placed.set(file, part)
  const files = new Map([[main, '']])
  const add = (file: string, code: string): void => void files.set(file, (files.get(file) ?? '') + code)
  for (const { path, text } of outputFiles) {
    const module = basename(path)
    const file = placed.get(module) ?? `${name}-later.cjs`
    add(file, await toModule(module, text))
    if (file !== main) add(main, `exports["./${module}"] = ${JSON.stringify(file)}\n`)
  }
  return { metafile, files }
}

type Output = Metafile['outputs'][string]

/** Each of these files and all that it imports at once, however far away. */
function listStatic({ outputs }: Metafile, isOne: (output: Output, file: string) => boolean): readonly string[] {
  const all = Object.entries(outputs).map(([path, output]) => [basename(path), output] as const)
  const imports = new Map(all.map(([file, output]) => [file, output.imports]))
  const listed = new Set<string>()
  const follow = (file: string): void => {
    if (listed.has(file)) return
    listed.add(file)
    for (const { path, kind, external } of imports.get(file) ?? [])
      if (kind === 'import-statement' && !external) follow(basename(path))
  }
  for (const [file, output] of all) if (isOne(output, file)) follow(file)
  return [...listed]
}

async function toModule(file: string, text: string): Promise<string> {
  const { code } = await transform(toLicences(text), {
    // As esbuild and Node take it: an ES module, to which a CommonJS package is its default export.
    sourcefile: file.replace(/\.js$/, '.mjs'),
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    legalComments: 'inline',
    define: { 'import.meta.url': 'artifact' },
    supported: { 'dynamic-import': false },
  })
  // An ES module is strict, and esbuild does not say so of what it makes of one.
  const body = `'use strict';${fromLicences(code)}`
  return `exports[${JSON.stringify(`./${file}`)}] = function (require, module, exports, artifact) {${body}}\n`
}

/** The comments that say which source comes next would be lost: esbuild keeps those alone that look like a licence. */
function toLicences(code: string): string {
  return code.replaceAll(/^\/\/ (\S+\.[cm]?[jt]s)$/gm, '/*! $1 */')
}

function fromLicences(code: string): string {
  return code.replaceAll(/^\/\*! (\S+\.[cm]?[jt]s) \*\/$/gm, '// $1')
}
