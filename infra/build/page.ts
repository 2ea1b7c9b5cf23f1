// What the page brings to the browser: one script and one style, small enough to stand in the page itself.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

const PAGE = 'lib/adapters/web/page'
export const PAGE_ENTRY = `${PAGE}/browser/main.ts`

/** Bytes that every look at a request may carry of each. */
const MOST = 20 * 1024

/** `script.js` and `style.css`, minified. Throws when one grew too large, or holds what would end the element around it. */
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
  for (const name of ['script.js', 'style.css']) {
    const text = await readFile(join(outdir, name), 'utf8')
    if (text.length > MOST) throw new Error(`The page's ${name} has ${text.length} bytes, more than ${MOST}`)
    if (/<\/(script|style)|<!--/i.test(text))
      throw new Error(`The page's ${name} would end the element that it stands in`)
  }
}
