// What of a package does not come into the artifact, as esbuild plugins.

import type { Plugin, PluginBuild } from 'esbuild'

/**
 * To be told of each of these when it is met. The build fails when one was not: the package is laid out in another way than known,
 * and may count on what would be missing.
 */
function expectAll(build: PluginBuild, names: readonly string[]): (met: string) => void {
  const missing = new Set(names)
  build.onEnd(() => ({
    errors: [...missing].map((name) => ({
      text: `Nothing in this package loads ${name} any more; see infra/build/vendor.ts`,
    })),
  }))
  return (met) => void missing.delete(met)
}

/** Modules that are required but never used: `new`, a call or `extends … super()` throws and says so; members are undefined. */
export function leaveOut(names: readonly string[]): Plugin {
  const namespace = 'left-out'
  return {
    name: namespace,
    setup(build) {
      const meet = expectAll(build, names)
      build.onResolve({ filter: /^[^./]/ }, ({ path }) => {
        if (!names.includes(path)) return undefined
        meet(path)
        return { path, namespace }
      })
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
        contents: `module.exports = class { constructor() { throw new Error('${path} is left out of this build') } }`,
      }))
    },
  }
}

/** Of a package that does the same without: a module takes longer to make than it would ever save, and here its exports are undefined. */
export function withoutWebAssembly(): Plugin {
  return {
    name: 'without-web-assembly',
    setup({ initialOptions }) {
      initialOptions.define = { 'WebAssembly.Module': 'Object', 'WebAssembly.Instance': 'Object' }
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

/** Files of a package that it loads and whose parts nobody uses. `files`: how their paths end, with slashes. */
export function leaveEmpty(files: readonly string[]): Plugin {
  return {
    name: 'left-empty',
    setup(build) {
      const meet = expectAll(build, files)
      build.onLoad({ filter: /\.js$/ }, ({ path }) => {
        const found = files.find((file) => path.replaceAll('\\', '/').endsWith(file))
        if (found === undefined) return undefined
        meet(found)
        return { contents: '' }
      })
    },
  }
}

/** A package or a module of Node that is not bundled, and loaded when one of these members of it is first touched. */
export function loadLater(name: string, members: readonly string[]): Plugin {
  const namespace = `later-${name}`
  const getters = members.map(
    (member) => `Object.defineProperty(exports, '${member}', { get: () => require('${name}').${member} })`,
  )
  return {
    name: namespace,
    setup(build) {
      const meet = expectAll(build, [name])
      build.onResolve({ filter: new RegExp(`^${name}$`) }, ({ path, namespace: from }) => {
        meet(path)
        return from === namespace ? { path, external: true } : { path, namespace }
      })
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents: getters.join('\n') }))
    },
  }
}

/** What looks for credentials in files, variables, metadata and other processes: those that it is given are used as they are. */
export function onlyGivenCredentials(): Plugin {
  const namespace = 'given-credentials'
  return {
    name: namespace,
    setup(build) {
      const meet = expectAll(build, ['@alicloud/credentials'])
      build.onResolve({ filter: /^@alicloud\/credentials$/ }, ({ path }) => {
        meet(path)
        return { path, namespace }
      })
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents: GIVEN_CREDENTIALS }))
    },
  }
}

const GIVEN_CREDENTIALS = `
exports.__esModule = true
exports.Config = class { constructor(given) { Object.assign(this, given) } }
exports.default = class {
  constructor(config) { this.config = config }
  async getCredential() {
    return { ...this.config, providerName: this.config.type === 'sts' ? 'static_sts' : 'static_ak' }
  }
}`

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
