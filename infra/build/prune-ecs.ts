// Cuts the ECS SDK down to the operations in use. Its client class names every model, so a bundler can drop nothing
// by itself: the methods must go, and with them the index of models.

import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

/** esbuild plugin: keeps the methods `<operation>` and `<operation>WithOptions` and the models that they name. */
export function pruneEcs(operations: readonly string[]): Plugin {
  return {
    name: 'prune-ecs',
    setup(build) {
      build.onLoad({ filter: /ecs20140526[\\/]dist[\\/]client\.js$/ }, async ({ path }) => ({
        contents: pruneMethods(await readFile(path, 'utf8'), operations),
        loader: 'js',
      }))
      build.onLoad({ filter: /ecs20140526[\\/]dist[\\/]models[\\/]model\.js$/ }, async ({ path }) => ({
        contents: pruneModels(await readFile(path, 'utf8'), operations),
        loader: 'js',
      }))
    },
  }
}

/** Fewer methods than this in the class means that the scan below no longer understands the file. */
const LEAST_METHODS = 500

/** The client class without the other operations. Throws when one is missing or the layout is not the known one. */
export function pruneMethods(source: string, operations: readonly string[]): string {
  const wanted = new Set(operations.flatMap((name) => [name, `${name}WithOptions`]))
  const output: string[] = []
  const found: string[] = []
  let inComment = false
  let dropping = false
  for (const line of source.split('\n')) {
    // Comments make up most of the file, and bundlers keep those inside a class.
    if (/^\s*\/\*\*/.test(line)) inComment = true
    const method = inComment ? undefined : /^ {4}async (\w+)\(/.exec(line)?.[1]
    if (method !== undefined) {
      found.push(method)
      dropping = !wanted.has(method)
    }
    if (!dropping && !inComment) output.push(line)
    if (line.trimEnd().endsWith('*/')) inComment = false
    if (line === '    }') dropping = false
  }
  const missing = [...wanted].filter((name) => found.filter((each) => each === name).length !== 1)
  if (missing.length > 0) throw new Error(`The ECS SDK has no method ${missing.join(', ')}`)
  if (found.length < LEAST_METHODS || dropping) {
    throw new Error(`The ECS SDK's client has another layout: ${found.length} methods found`)
  }
  return output.join('\n')
}

/** An index of models that exports only the requests and responses of these operations. */
export function pruneModels(source: string, operations: readonly string[]): string {
  const names = operations.flatMap((name) => {
    const model = `${name[0]?.toUpperCase()}${name.slice(1)}`
    return [`${model}Request`, `${model}Response`]
  })
  const missing = names.filter((name) => !source.includes(`Object.defineProperty(exports, "${name}", `))
  if (missing.length > 0) throw new Error(`The ECS SDK has no model ${missing.join(', ')}`)
  return names.map((name) => `exports.${name} = require('./${name}').${name}`).join('\n')
}
