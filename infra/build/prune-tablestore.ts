// Cuts the Tablestore SDK's compiled protobuf file down to the messages of the operations in use, and these to writing and
// reading them: 2.7 MB become 0.3 MB. The file is machine-made, so its layout is read line by line; whatever looks
// different from what is known here fails the build.

import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'
import { withoutNewBuffer } from './replace-new-buffer.ts'

/**
 * esbuild plugin: keeps `<operation>Request`, `<operation>Response`, `Error`, and all that they use; and sends requests whole,
 * with nobody who wants to know how far they are.
 */
export function pruneTablestore(operations: readonly string[]): Plugin {
  return {
    name: 'prune-tablestore',
    setup(build) {
      build.onLoad({ filter: /[\\/]tablestore_compiled_proto\.js$/ }, async ({ path }) => ({
        contents: pruneMessages(await readFile(path, 'utf8'), operations),
        loader: 'js',
      }))
      build.onLoad({ filter: /tablestore[\\/]lib[\\/]http[\\/]node\.js$/ }, async ({ path }) => ({
        contents: withoutNewBuffer(withoutProgress(await readFile(path, 'utf8'))),
        loader: 'js',
      }))
    },
  }
}

/** Where there are no streams, the SDK passes the body to the request, instead of piping it there and to who watches. */
export function withoutProgress(source: string): string {
  const streams = "var WritableStream = require('stream').Writable;"
  if (!source.includes(streams)) throw new Error('The Tablestore SDK sends requests in another way')
  return source.replace(streams, 'var WritableStream;')
}

/** Protobuf alone, on text. Throws when an operation's message is missing or the layout is not the known one. */
export function pruneMessages(source: string, operations: readonly string[]): string {
  const pieces = toPieces(source.split('\n'))
  const declarations = new Map(pieces.flatMap((piece) => (piece.name === undefined ? [] : [[piece.name, piece]])))
  const roots = ['main.Error', ...operations.flatMap((name) => [`main.${name}Request`, `main.${name}Response`])]
  const missing = roots.filter((name) => !declarations.has(name))
  if (missing.length > 0) throw new Error(`The Tablestore SDK has no protobuf message ${missing.join(', ')}`)

  const used = reach(roots, declarations)
  const kept = pieces.filter(({ name, namespace }) => {
    if (name === undefined || used.has(name)) return true
    // Filters are sent as opaque bytes, so no message refers to them by name.
    return namespace === 'filter'
  })
  return kept.map(({ lines }) => dropMethods(lines.join('\n'))).join('\n')
}

/**
 * What a compiled message can do, and the SDK never asks for: it makes, writes and reads them, and nothing else. In JSON, which
 * nobody makes of one, enums would be numbers now.
 */
const UNUSED_METHODS = ['verify', 'fromObject', 'toObject', 'prototype.toJSON', 'encodeDelimited', 'decodeDelimited']

function dropMethods(source: string): string {
  const messages = count(source, 'encode')
  let rest = source
  for (const method of UNUSED_METHODS) {
    if (count(rest, method) !== messages) throw new Error(`The Tablestore SDK's messages have another ${method}`)
    rest = rest.replaceAll(new RegExp(`^ {12}\\w+\\.${method} = function [^]*?^ {12}\\};\\n`, 'gm'), '')
    if (count(rest, method) > 0) throw new Error(`The Tablestore SDK's messages end their ${method} in another way`)
  }
  return rest
}

function count(source: string, method: string): number {
  return source.split(`.${method} = function `).length - 1
}

/** A message or an enum, `<namespace>.<Name>`, or the text between two of them, which has no name. */
interface Piece {
  readonly name: string | undefined
  readonly namespace: string | undefined
  readonly lines: string[]
}

const NAMESPACES = ['main', 'filter', 'search']

function toPieces(lines: readonly string[]): Piece[] {
  const pieces: Piece[] = []
  const seen: string[] = []
  let namespace: string | undefined
  let open: Piece = { name: undefined, namespace, lines: [] }
  for (const line of lines) {
    const entered = /^\$root\.(\w+) = \(function\(\) \{$/.exec(line)?.[1]
    if (entered !== undefined) {
      namespace = entered
      seen.push(entered)
    }
    const declared = /^ {8}proto\.(\w+) = \(function\(\) \{$/.exec(line)?.[1]
    if (declared !== undefined) {
      pieces.push(open)
      open = { name: `${namespace}.${declared}`, namespace, lines: [] }
    }
    open.lines.push(line)
    if (open.name !== undefined && line === '        })();') {
      pieces.push(open)
      open = { name: undefined, namespace, lines: [] }
    }
  }
  if (open.name !== undefined || seen.join() !== NAMESPACES.join()) {
    throw new Error(`The Tablestore SDK's protobuf file has another layout: namespaces ${seen.join(', ') || 'none'}`)
  }
  return [...pieces, open]
}

function reach(roots: readonly string[], declarations: ReadonlyMap<string, Piece>): ReadonlySet<string> {
  const found = new Set<string>()
  const pending = [...roots]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const piece = declarations.get(name)
    if (found.has(name) || piece === undefined) continue
    found.add(name)
    for (const [, namespace, message] of piece.lines.join('\n').matchAll(/\$root\.(\w+)\.proto\.(\w+)/g)) {
      pending.push(`${namespace}.${message}`)
    }
  }
  return found
}
