// What of a package does not come into the artifact, as esbuild plugins.

import type { Plugin } from 'esbuild'

/** Modules that are required but never used: `new`, a call or `extends … super()` throws and says so; members are undefined. */
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

/** What SDKs print requests with, signatures and tokens included, wherever DEBUG is set in the environment: it prints nothing. */
export function silenceDebug(): Plugin {
  const namespace = 'silenced'
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace }))
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents: 'module.exports = () => () => undefined' }))
    },
  }
}

/** Loading a module of these packages does nothing by itself, so that whatever nobody imports stays behind. */
export function onlyWhatIsUsed(packages: RegExp): Plugin {
  return {
    name: 'only-what-is-used',
    setup(build) {
      const RESOLVED = Symbol('resolved')
      build.onResolve({ filter: packages }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (pluginData === RESOLVED) return undefined
        const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: RESOLVED })
        return { ...found, sideEffects: false }
      })
    },
  }
}
