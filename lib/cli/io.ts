// Everything of the world that a command may touch. Tests hand in another one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Output {
  readonly isTTY: boolean
  /** Of a terminal that says how wide it is now. */
  readonly columns?: number | undefined
  write(text: string): void
}

export interface Input {
  readonly isTTY: boolean
  /** Everything up to the end. */
  read(): Promise<string>
  /** One typed line; undefined when the input ended without one. */
  line(): Promise<string | undefined>
}

export interface Files {
  /** Undefined when there is no such file. */
  read(path: string): Promise<string | undefined>
  /** A file too large to hold, piece by piece. */
  chunks(path: string): AsyncIterable<string>
  /** The permission bits of a file that exists. */
  mode(path: string): Promise<number>
  /** Makes a file that only its owner may read, and the folders above it; an existing file stays as it is. */
  createSecret(path: string, content: string): Promise<'created' | 'exists'>
  /** Writes a file in one step, so that a crash leaves the old one or the new one; from pieces as they come. */
  replace(path: string, content: string | AsyncIterable<string>): Promise<void>
}

export interface Ran {
  readonly code: number
  readonly stdout: string
}

export interface Io {
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: Input
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly files: Files
  /** Runs a program that may ask at the terminal; undefined when there is no such program. */
  readonly run: (program: string, args: readonly string[], input: string) => Promise<Ran | undefined>
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

export function createIo(process: NodeJS.Process): Io {
  const { stdin, stdout, stderr } = process
  return {
    fetch: (url, init) => fetch(url, init),
    stdout: toOutput(stdout),
    stderr: toOutput(stderr),
    stdin: { isTTY: stdin.isTTY, read: () => text(stdin), line: () => readLine(stdin) },
    env: process.env,
    home: homedir(),
    files: createFiles(),
    run: runProgram,
    now: Date.now,
    sleep: (ms) => sleep(ms),
  }
}

function toOutput(stream: NodeJS.WriteStream): Output {
  return {
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns
    },
    write: (chunk) => void stream.write(chunk),
  }
}

export function createFiles(): Files {
  return {
    async read(path) {
      try {
        return await readFile(path, 'utf8')
      } catch (error) {
        if (isCode(error, 'ENOENT')) return undefined
        throw error
      }
    },
    chunks: (path) => createReadStream(path, 'utf8') as AsyncIterable<string>,
    mode: async (path) => (await stat(path)).mode & 0o777,
    async createSecret(path, content) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      try {
        await writeFile(path, content, { mode: 0o600, flag: 'wx' })
        return 'created'
      } catch (error) {
        if (isCode(error, 'EEXIST')) return 'exists'
        throw error
      }
    },
    async replace(path, content) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const fresh = `${path}.${process.pid}.new`
      try {
        await writeFile(fresh, content, { mode: 0o600 })
        await chmod(fresh, 0o600)
        await rename(fresh, path)
      } catch (error) {
        await rm(fresh, { force: true })
        throw error
      }
    },
  }
}

export async function runProgram(program: string, args: readonly string[], input: string): Promise<Ran | undefined> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  // It may end before it has read everything; what came of it is in its code.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  try {
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    return { code: typeof code === 'number' ? code : 1, stdout }
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

async function readLine(stdin: NodeJS.ReadStream): Promise<string | undefined> {
  const lines = createInterface({ input: stdin })
  try {
    for await (const line of lines) return line
    return undefined
  } finally {
    lines.close()
  }
}
