// Replaces modules that are required but never used by a class that says so when it is.

import type { Plugin } from 'esbuild'

/** esbuild plugin: `new`, a call or `extends … super()` of a named module throws; its members are undefined. */
export function leaveOut(names: readonly string[]): Plugin {
  const namespace = 'left-out'
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, ({ path }) => (names.includes(path) ? { path, namespace } : undefined))
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
        contents: `module.exports = class { constructor() { throw new Error('${path} is left out of this build') } }`,
      }))
    },
  }
}
