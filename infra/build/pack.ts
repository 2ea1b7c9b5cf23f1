// A function's own code as two CommonJS files: what runs whatever the event is, and what only some events need. Bytecode is
// read whole, so that whoever is turned away at the door would wait for that of all the rest.
import { basename } from 'node:path'
import { build, transform, type BuildOptions, type Metafile } from 'esbuild'

export interface Packed {
  readonly metafile: Metafile
  /** Modules by name, each as a function that `load.cjs` calls. */
  readonly first: string
  readonly later: string
}

/** `options`: esbuild's, for ES modules. */
export async function pack(name: string, entry: string, options: BuildOptions): Promise<Packed> {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: { [name]: entry },
    outdir: '/',
    chunkNames: '[name]-[hash]',
    splitting: true,
    metafile: true,
    write: false,
  })
  const first = listStatic(metafile, `${name}.js`)
  const toFile = async (isIn: (file: string) => boolean): Promise<string> => {
    const files = outputFiles.map(({ path, text }) => ({ file: basename(path), text })).filter(({ file }) => isIn(file))
    return (await Promise.all(files.map(toModule))).join('\n')
  }
  return {
    metafile,
    first: await toFile((file) => first.has(file)),
    later: await toFile((file) => !first.has(file)),
  }
}

/** The file and all that it imports at once, however far away. */
function listStatic({ outputs }: Metafile, entry: string): ReadonlySet<string> {
  const imports = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output.imports]))
  const listed = new Set<string>()
  const follow = (file: string): void => {
    if (listed.has(file)) return
    listed.add(file)
    for (const { path, kind, external } of imports.get(file) ?? [])
      if (kind === 'import-statement' && !external) follow(basename(path))
  }
  follow(entry)
  return listed
}

async function toModule({ file, text }: { readonly file: string; readonly text: string }): Promise<string> {
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
