// Runs the command in this process, with a home of its own and a terminal that remembers what was written to it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { ExitCode } from '#lib/cli/failure.ts'
import { createFiles, runProgram, type Io } from '#lib/cli/io.ts'
import { runCli } from '#lib/cli/program.ts'
import { PRIVATE_JWKS, type Holder } from '#support/keys.ts'
import { AUDIENCE, NOW } from '#support/samples.ts'
import type { Gate } from './gate.ts'

export interface Ran {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

export interface Situation {
  readonly gate?: Gate
  readonly who?: Holder
  /** What is typed; with it, input and outputs are a terminal. */
  readonly lines?: readonly string[]
  /** How wide the terminal is; unknown unless given. */
  readonly columns?: number
  /** What is piped in. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly now?: number
  /** A gate in this process instead of one behind a socket, with its clock. */
  readonly inProcess?: { readonly fetch: Io['fetch']; readonly now: () => number }
  /** Instead of the programs of this machine. */
  readonly runProgram?: Io['run']
  /** Instead of waiting; time passes by as much. */
  readonly onSleep?: (ms: number) => void | Promise<void>
}

export interface Terminal {
  readonly home: string
  file(name: string): string
  run(args: readonly string[], situation?: Situation): Promise<Ran>
}

/** One home for the tests of a file, with the keys of everybody. */
export function useTerminal(): Terminal {
  let home = ''
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'startgate-cli-'))
    const writes = Object.entries(PRIVATE_JWKS).map(([name, jwk]) =>
      writeFile(join(home, `${name}.json`), JSON.stringify(jwk), { mode: 0o600 }),
    )
    await Promise.all(writes)
  })
  afterAll(async () => await rm(home, { recursive: true, force: true }))
  return {
    get home() {
      return home
    },
    file: (name) => join(home, name),
    run: (args, situation = {}) => run(home, args, situation),
  }
}

async function run(home: string, args: readonly string[], situation: Situation): Promise<Ran> {
  const { gate, who = 'bob', lines, columns, input = '', env = {}, now = NOW + 60_000, inProcess, onSleep } = situation
  const { runProgram: given = runProgram } = situation
  const written = { out: '', err: '' }
  const typed = [...(lines ?? [])]
  const isTTY = lines !== undefined
  let slept = 0
  const io: Io = {
    fetch: inProcess?.fetch ?? ((url, init) => fetch(url, init)),
    stdout: { isTTY, columns, write: (chunk) => void (written.out += chunk) },
    stderr: { isTTY, columns, write: (chunk) => void (written.err += chunk) },
    stdin: { isTTY, read: () => Promise.resolve(input), line: () => Promise.resolve(typed.shift()) },
    env: {
      ...(gate && { STARTGATE_URL: gate.url }),
      STARTGATE_NAME: who,
      STARTGATE_KEY: join(home, `${who}.json`),
      STARTGATE_AUDIENCE: AUDIENCE,
      ...env,
    },
    home,
    files: createFiles(),
    run: given,
    now: inProcess?.now ?? (() => now + slept),
    sleep: async (ms) => {
      slept += ms
      await onSleep?.(ms)
    },
  }
  const code = await runCli(args, io)
  return { code, ...written }
}
