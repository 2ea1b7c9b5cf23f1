// What the page brings to the browser: one script and one style, small enough to stand in the page itself.

import { join } from 'node:path'
import { build } from 'esbuild'

const PAGE = 'lib/adapters/web/page'
export const PAGE_ENTRY = `${PAGE}/browser/main.ts`

/** `script.js` and `style.css`. Minified, as every look at a request carries them. */
export async function bundlePage(root: string, outdir: string): Promise<void> {
  const entries = { script: join(root, PAGE_ENTRY), style: join(root, PAGE, 'style.css') }
  await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    bundle: true,
    platform: 'browser',
    target: 'es2020',
    format: 'iife',
    // ASCII alone, and nothing that ends the element it stands in: the page carries it as it is.
    charset: 'ascii',
    minify: true,
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'silent',
  })
}
