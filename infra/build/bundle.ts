// esbuild's settings for our own code. Not minified: it would start no faster, and stacks stay readable.

import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { BuildOptions } from 'esbuild'
import { VENDORED } from './vendor.ts'

const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: false,
  minify: false,
  logLevel: 'silent',
} satisfies BuildOptions

/** `gate.mjs`, `starter.mjs`, and chunks for what they share and for what they import only when needed. */
export async function bundleFunctions(root: string, outdir: string): Promise<void> {
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: { gate: join(root, 'functions/gate.ts'), starter: join(root, 'functions/starter.ts') },
    outdir,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    external: VENDORED,
  })
}

/** One executable file that needs Node and nothing else. */
export async function bundleCli(root: string, outfile: string): Promise<void> {
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: [join(root, 'lib/cli/main.ts')],
    outfile,
    // Bundled CommonJS packages ask for Node's own modules through `require`, which an ES module does not have.
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire as createRequireOfCli } from 'node:module'\nconst require = createRequireOfCli(import.meta.url)",
    },
  })
  await chmod(outfile, 0o755)
}
