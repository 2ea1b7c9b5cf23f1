// One function instance: the process that the platform starts around the deployed files. Plain JavaScript and Node's own
// modules only, because it runs as `node runtime.mjs` with nothing but the artifact in reach.
//
// The parent speaks through three pipes: fd 3 brings one JSON line per request, fd 4 takes one JSON line per log or
// answer, and stdin brings one byte whenever an instance that stands still may go on.

import { readSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { format } from 'node:util'

const REQUESTS = 3
const ANSWERS = 4
const GO_ON = 0

let requestId = ''
let loaded
let initialized = false

// Everything printed goes the same way as the answer, so that a line written before the answer also arrives before it.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, done) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    tell({ kind: 'log', requestId, text })
    const callback = typeof encoding === 'function' ? encoding : done
    if (callback) queueMicrotask(() => callback())
    return true
  }
}

createInterface({ input: new Socket({ fd: REQUESTS, readable: true, writable: false }) })
  .on('line', (line) => void handle(JSON.parse(line)))
  // The parent is gone: nobody waits for anything any more.
  .on('close', () => process.exit(0))

async function handle(request) {
  requestId = request.context.requestId
  try {
    const functions = await load(request)
    const context = { ...request.context, logger: createLogger() }
    if (functions.initialize && !initialized) {
      await functions.initialize(context)
      initialized = true
    }
    const result = await functions.handler(Buffer.from(request.event, 'base64'), context)
    tell({ kind: 'answer', body: toBody(result).toString('base64') })
  } catch (error) {
    tell({ kind: 'error', error: toPlatformError(error) })
  }
  standStill()
}

/** Imports the artifact with the first request. An artifact that cannot be loaded is tried again with the next one. */
async function load({ file, handler, initializer }) {
  loaded ??= import(pathToFileURL(file).href)
  try {
    const module = await loaded
    return { handler: pick(module, handler), initialize: initializer && pick(module, initializer) }
  } catch (error) {
    loaded = undefined
    throw error
  }
}

function pick(module, name) {
  const found = module[name]
  if (typeof found !== 'function') throw new TypeError(`The module does not export a function ${name}`)
  return found
}

/**
 * The freeze after an answer. A blocking read holds the whole thread, so not one line of un-awaited work runs on; other
 * than a stopped process, it ends by itself when the parent dies.
 */
function standStill() {
  if (readSync(GO_ON, Buffer.alloc(1)) === 0) process.exit(0)
}

function toBody(result) {
  if (Buffer.isBuffer(result)) return result
  if (typeof result === 'object' && result !== null) return Buffer.from(JSON.stringify(result))
  return Buffer.from(String(result ?? ''))
}

function toPlatformError(error) {
  if (!(error instanceof Error)) return { errorMessage: format(error), errorType: typeof error, stackTrace: [] }
  const stackTrace = (error.stack ?? '').split('\n').map((line) => line.trim())
  return { errorMessage: error.message, errorType: error.name, stackTrace }
}

function createLogger() {
  const write = (level, values) => {
    tell({ kind: 'log', requestId, text: `${new Date().toISOString()} ${requestId} [${level}] ${format(...values)}\n` })
  }
  const levels = ['debug', 'info', 'warn', 'error']
  const logger = Object.fromEntries(levels.map((level) => [level, (...values) => write(level, values)]))
  return { ...logger, log: (...values) => write('info', values) }
}

/** Synchronous, so that whatever was told is on its way before the thread stands still or dies. */
function tell(message) {
  let rest = Buffer.from(`${JSON.stringify(message)}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(ANSWERS, rest))
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
}
