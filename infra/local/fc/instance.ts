// One function instance as its keeper sees it: a process that gets one request at a time and stands still in between.

import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { FunctionError } from './definition.ts'

export interface InstanceOptions {
  readonly env: Readonly<Record<string, string>>
  readonly onLog: (line: { readonly requestId: string; readonly text: string }) => void
}

/** What the process gets for one request; `file` is the module to import, the names are exports of it. */
interface InstanceRequest {
  readonly file: string
  readonly handler: string
  readonly initializer?: string | undefined
  /** Base64. */
  readonly event: string
  readonly context: { readonly requestId: string }
}

type InstanceResult =
  | { readonly kind: 'answer'; readonly body: Buffer }
  | { readonly kind: 'error'; readonly error: FunctionError }

/** `running`: has a request, or was thawed; `frozen`: stands still; `stopped`: by `freeze`; `gone`: ended or killed. */
export type InstanceState = 'running' | 'frozen' | 'stopped' | 'gone'

export interface Instance {
  readonly id: string
  readonly pid: number | undefined
  state(): InstanceState
  /** Thaws it, hands it the request, and settles when it has answered and stands still again, or is gone. */
  run(request: InstanceRequest, timeoutMs: number): Promise<InstanceResult>
  /** Stops the process where it is, for `ms`. */
  freeze(ms: number): void
  /** Lets it run on at once, whether it was stopped or stands still after an answer. */
  thaw(): void
  kill(): void
  /** Settles when the process has ended. */
  readonly ended: Promise<void>
}

const RUNTIME = fileURLToPath(new URL('./runtime.mjs', import.meta.url))

export function newInstanceId(): string {
  return `c-${randomBytes(4).toString('hex')}-${randomBytes(6).toString('hex')}`
}

export function startInstance(id: string, { env, onLog }: InstanceOptions): Instance {
  const child = spawn(process.execPath, [RUNTIME], { env, stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'] })
  const pipes = toPipes(child)
  let settle: ((result: InstanceResult) => void) | undefined
  let requestId = ''
  let gone = false
  // Two ways not to run: it stands still by itself after an answer, and it is stopped by a signal from outside.
  let standsStill = false
  let stopped: NodeJS.Timeout | undefined

  createInterface({ input: pipes.answers }).on('line', (line) => {
    const message = JSON.parse(line) as Message
    if (message.kind === 'log') return onLog(message)
    standsStill = true
    finish(message.kind === 'answer' ? { kind: 'answer', body: Buffer.from(message.body, 'base64') } : message)
  })
  // The runtime takes over both streams; what still comes here is Node's own last word before it dies.
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => onLog({ requestId, text }))
  }
  for (const pipe of [pipes.requests, pipes.goOn]) pipe.on('error', () => undefined)

  const ended = new Promise<void>((resolve) => {
    // Not 'exit': an answer may still be in the pipe then.
    child.once('close', (code, signal) => {
      gone = true
      clearTimeout(stopped)
      const how = signal ?? `code ${code}`
      finish(failure(`Process exited unexpectedly before completing request (${how})`, 'ProcessExited'))
      resolve()
    })
  })

  function finish(result: InstanceResult): void {
    settle?.(result)
    settle = undefined
  }

  function resume(): void {
    clearTimeout(stopped)
    if (stopped !== undefined) child.kill('SIGCONT')
    stopped = undefined
  }

  function thaw(): void {
    resume()
    if (standsStill) pipes.goOn.write('.')
    standsStill = false
  }

  function kill(): void {
    gone = true
    child.kill('SIGKILL')
  }

  return {
    id,
    pid: child.pid,
    ended,
    thaw,
    kill,
    state: () => (gone ? 'gone' : stopped !== undefined ? 'stopped' : standsStill ? 'frozen' : 'running'),
    run(request, timeoutMs) {
      return new Promise((resolve) => {
        if (gone) return resolve(failure('Process exited before the request', 'ProcessExited'))
        requestId = request.context.requestId
        const timeout = setTimeout(() => {
          finish(failure(`Function timed out after ${timeoutMs / 1000} seconds`, 'FunctionTimeout'))
          kill()
        }, timeoutMs)
        settle = (result) => {
          clearTimeout(timeout)
          resolve(result)
        }
        thaw()
        pipes.requests.write(`${JSON.stringify(request)}\n`)
      })
    },
    freeze(ms) {
      if (gone) return
      clearTimeout(stopped)
      child.kill('SIGSTOP')
      stopped = setTimeout(resume, ms)
    },
  }
}

type Message =
  | { readonly kind: 'log'; readonly requestId: string; readonly text: string }
  | { readonly kind: 'answer'; readonly body: string }
  | { readonly kind: 'error'; readonly error: FunctionError }

function toPipes(child: ChildProcess): { requests: Writable; answers: Readable; goOn: Writable } {
  const [goOn, , , requests, answers] = child.stdio
  return { requests: requests as Writable, answers: answers as Readable, goOn: goOn as Writable }
}

function failure(errorMessage: string, errorType: string): InstanceResult {
  return { kind: 'error', error: { errorMessage, errorType } }
}
