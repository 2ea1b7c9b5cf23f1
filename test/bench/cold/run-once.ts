// One process from its start to its first answer, or to what comes before it.
import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { toLoadedFiles } from './loaded-files.ts'

const INSTANCE = fileURLToPath(new URL('./instance.mjs', import.meta.url))

export interface Order {
  /** The module whose `handler` is called. */
  readonly file: string
  readonly env: Readonly<Record<string, string>>
  readonly event: string
  readonly context: object
  /** Settles when the clock is to stop, and the process to end, before there is an answer; then it is the answer. */
  readonly until?: () => Promise<unknown>
}

export interface Once {
  /** From the start of the process until the answer was there, or what is in its place. */
  readonly ms: number
  readonly cpuMs: number
  /** Resident memory at that moment. */
  readonly rssMb: number
  readonly answer: unknown
  /** The files of all code that was loaded, with its bytecode; empty unless it was to be watched, which takes time. */
  readonly loaded: readonly string[]
}

/** Throws with all that the process printed when it gave no answer. */
export async function runOnce({ file, env, event, context, until }: Order, watch = false): Promise<Once> {
  const child = spawn(process.execPath, [INSTANCE], { env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] })
  const [stdin, ...outputs] = child.stdio
  stdin.end(JSON.stringify({ file, event, context, watch, until: until !== undefined }))
  const settled = until?.().finally(() => child.kill('SIGUSR2'))
  const [out, err, answer] = await Promise.all(outputs.filter((each) => each !== null).map(read))
  if (!answer) throw new Error(`${file} gave no answer:\n${out}${err}`)
  const once = JSON.parse(answer) as Once
  return { ...once, answer: once.answer ?? (await settled), loaded: toLoadedFiles(once.loaded, dirname(file)) }
}

async function read(stream: unknown): Promise<string> {
  return text(stream as Readable)
}
