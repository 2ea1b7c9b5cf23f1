// One cold start: imports a function, hands it one event, and says when it had the answer. Plain JavaScript and Node's own
// modules only: this process is what is measured. The order comes on stdin, the result goes to fd 3, as what a function
// prints goes to its usual places.

import { readFileSync, writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const { file, event, context, watch, until } = JSON.parse(readFileSync(0, 'utf8'))
const listLoaded = watch ? await watchScripts() : () => []

const { handler } = await import(pathToFileURL(file).href)
const answer = await Promise.race([handler(Buffer.from(event), context), ...(until ? [called()] : [])])

const ms = performance.now()
const { user, system } = process.cpuUsage()
const rssMb = process.memoryUsage.rss() / 1024 / 1024
let rest = Buffer.from(JSON.stringify({ ms, cpuMs: (user + system) / 1000, rssMb, answer, loaded: listLoaded() }))
while (rest.length > 0) rest = rest.subarray(writeSync(3, rest))
// Sockets that are kept for a next call would keep the process too.
process.exit(0)

/** Whoever waits for something else than the answer says when it has come. */
function called() {
  return new Promise((resolve) => process.once('SIGUSR2', () => resolve()))
}

/** The files of all code that is loaded from now on, however it is loaded: as the debugger sees it. */
async function watchScripts() {
  const { Session } = await import('node:inspector')
  const urls = new Set()
  const session = new Session()
  session.connect()
  session.on('Debugger.scriptParsed', ({ params: { url } }) => urls.add(url))
  session.post('Debugger.enable')
  return () => [...urls].filter((url) => /^(file:)?\//.test(url)).map((url) => url.replace(/^file:\/\//, ''))
}
