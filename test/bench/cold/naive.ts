// The same product as a build without any thought for its start leaves it: every source file for itself, the packages as
// they were installed, and all of them loaded at once.
import { copyFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'

const COMMON = { platform: 'node', target: 'node20', format: 'esm', bundle: true, logLevel: 'silent' } as const
const DATA = ['policy.json', 'openapi.json', 'policy.schema.json', 'build.json']

/** Builds `functions/<name>.ts` of the project into `to`. `artifact`: whose data files it gets. The file to import. */
export async function buildNaive(root: string, name: string, artifact: string, to: string): Promise<string> {
  const found = await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: [`functions/${name}.ts`],
    outdir: to,
    packages: 'external',
    // Own files are not packages, although their names look like it.
    plugins: [ownFiles((path) => ({ path }))],
    write: false,
    metafile: true,
  })
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: Object.keys(found.metafile.inputs),
    outbase: root,
    outdir: to,
    packages: 'external',
    plugins: [ownFiles((path, importer) => ({ path: toOutput(path, importer), external: true }))],
  })
  const imports = Object.values(found.metafile.outputs).flatMap((output) => output.imports)
  const packages = new Set(imports.filter(({ path }) => !isBuiltin(path)).map(({ path }) => path))
  const functions = join(to, 'functions')
  await writeFile(join(to, 'package.json'), '{"type":"module"}\n')
  await symlink(join(root, 'node_modules'), join(to, 'node_modules'))
  await mkdir(join(functions, 'page'), { recursive: true })
  await Promise.all(DATA.map((file) => copyFile(join(artifact, file), join(functions, file))))
  await cp(join(artifact, 'page'), join(functions, 'page'), { recursive: true })
  const entry = join(functions, 'all-at-once.js')
  await writeFile(
    entry,
    [...[...packages].map((path) => `import '${path}'`), `export * from './${name}.js'\n`].join('\n'),
  )
  return entry
}

function ownFiles(take: (path: string, importer: string) => { path: string; external?: boolean }): Plugin {
  return {
    name: 'own-files',
    setup(builder) {
      builder.onResolve({ filter: /^[#.]/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (kind === 'entry-point' || pluginData === 'asked') return undefined
        // A package's own file never comes here: packages are not looked into.
        const resolved = await builder.resolve(path, { importer, resolveDir, kind, pluginData: 'asked' })
        return resolved.errors.length > 0 ? { errors: resolved.errors } : take(resolved.path, importer)
      })
    },
  }
}

function toOutput(path: string, importer: string): string {
  const to = relative(dirname(importer), path).replace(/\.ts$/, '.js')
  return to.startsWith('.') ? to : `./${to}`
}
