// Node looks at the stack for each `new Buffer`, to know whom to warn: with a column or two a time that is a tenth of a cold start.

import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

/** esbuild plugin: what `new Buffer` does, by the functions that took its place. `files`: the paths of a package. */
export function replaceNewBuffer(files: RegExp): Plugin {
  return {
    name: 'replace-new-buffer',
    setup(build) {
      build.onLoad({ filter: files }, async ({ path }) => ({
        contents: withoutNewBuffer(await readFile(path, 'utf8')),
        loader: 'js',
      }))
    },
  }
}

/** The same on text: that of a CommonJS module. */
export function withoutNewBuffer(source: string): string {
  const replaced = source.replaceAll(/\bnew (?:[\w$]+\.)*Buffer\(/g, 'makeBuffer(')
  return replaced === source ? source : `${replaced}\n${MAKE_BUFFER}\n`
}

const MAKE_BUFFER =
  "function makeBuffer(...given) { return typeof given[0] === 'number' ? Buffer.alloc(given[0]) : Buffer.from(...given) }"
