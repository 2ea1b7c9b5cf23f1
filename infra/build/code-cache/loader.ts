// A part of the entry of each function, and `load.cjs` of the artifact: loads its CommonJS files together with the bytecode
// that V8 made of them when they were built, so that a cold start compiles next to nothing. Bytecode of another Node, or of
// other code, is not used, and then everything is compiled as ever.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { BYTECODE, PACKAGES, toFile } from '#infra/build/packages.ts'
import type { bytecodeState as stateOfSources } from '#lib/bytecode.ts'
import { RUNTIME } from '#lib/runtime.ts'

type Exports = Readonly<Record<string, unknown>>
type Require = (id: string) => unknown
interface Module {
  exports: Exports
}
/** `artifact`: the URL of a file in it. */
type Define = (require: Require, module: Module, exports: Exports, artifact: string) => void

const SEAL_BYTES = 32
const elsewhere: Require = require
const loaded = new Map<string, { readonly exports: Exports; readonly script: Script }>()

/** What the entry of a function exports. Its modules lie in a few files; each but the first waits until one of it is needed. */
export function run(name: string): Exports {
  const made = new Map<string, Module>()
  const artifact = pathToFileURL(join(__dirname, `${name}.mjs`)).href
  const get = (id: string): unknown => {
    if (!id.startsWith('./')) return getPackage(id)
    const known = made.get(id)
    if (known !== undefined) return known.exports
    const here = load(`${name}.cjs`)[id]
    const define = (typeof here === 'string' ? load(here)[id] : here) as Define
    const own: Module = { exports: {} }
    made.set(id, own)
    try {
      define(get, own, own.exports, artifact)
    } catch (error) {
      // Half a module is none: whoever needs it next fails the same way.
      made.delete(id)
      throw error
    }
    return own.exports
  }
  return get(`./${name}.js`) as Exports
}

/** One of the artifact's own takes Node a millisecond to find. */
function getPackage(id: string): unknown {
  if (id === BYTECODE) return { bytecodeState }
  const vendored = PACKAGES[id]
  if (vendored === undefined) return elsewhere(id)
  const exports = load(toFile(vendored))
  return vendored.part === undefined ? exports : exports[vendored.part]
}

/** `file`: relative to the artifact. */
export function load(file: string): Exports {
  const known = loaded.get(file)
  if (known !== undefined) return known.exports
  const path = join(__dirname, file)
  const code = readFileSync(path)
  const cachedData = readBytecode(path, code)
  const script = new Script(code.toString('latin1'), {
    // By its place in the cloud, wherever it is now: bytecode brings the name along that it was made under.
    filename: `/code/${file}`,
    ...(cachedData === undefined ? {} : { cachedData }),
  })
  const own: Module = { exports: {} }
  const define = script.runInThisContext() as (require: Require, module: Module, exports: Exports) => void
  define(getPackage, own, own.exports)
  loaded.set(file, { exports: own.exports, script })
  return own.exports
}

/** See `lib/bytecode.ts`. */
export function bytecodeState(): ReturnType<typeof stateOfSources> {
  const refused = [...loaded.values()].map(({ script }) => script.cachedDataRejected)
  return refused.includes(true) ? 'refused' : refused.includes(false) ? 'used' : 'none'
}

/** Of all that was loaded, the functions that ran: by the path where `load` finds it the next time. */
export function listBytecode(): ReadonlyMap<string, Uint8Array> {
  const sealed = [...loaded].map(([file, { script }]) => {
    const path = join(__dirname, file)
    const bytecode = script.createCachedData()
    return [toPath(path), Buffer.concat([seal(readFileSync(path), bytecode), bytecode])] as const
  })
  return new Map(sealed)
}

/** V8 looks at the length of the code alone, and believes the rest: what was damaged, or made of other code, must not reach it. */
function readBytecode(path: string, code: Buffer): Buffer | undefined {
  const file = readIfThere(toPath(path))
  const bytecode = file?.subarray(SEAL_BYTES)
  return bytecode !== undefined && file?.subarray(0, SEAL_BYTES).equals(seal(code, bytecode)) ? bytecode : undefined
}

function seal(code: Buffer, bytecode: Buffer): Buffer {
  return createHash('sha256').update(code).update(bytecode).digest()
}

function toPath(file: string): string {
  return `${file}.${RUNTIME}.cache`
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
