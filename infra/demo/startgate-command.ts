// People at their terminals: the real `startgate` command, run as a process with the settings of whoever types it.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Cast, Person } from './cast.ts'
import type { Cleanup } from './cleanup.ts'
import type { Narrator } from './narrator.ts'

export interface Ran {
  readonly exit: number
  readonly lines: readonly string[]
}

/** `shows` says which lines of the output are worth reading again; default: all. */
export type StartgateCommand = (who: Person, args: readonly string[], shows?: (line: string) => boolean) => Promise<Ran>

export interface CommandOptions {
  readonly cli: string
  readonly cast: Cast
  readonly folder: string
  readonly url: string
  readonly audience: string
  readonly narrator: Narrator
  readonly cleanup: Cleanup
}

/** The environment that the command reads its settings from. */
export function toSettings({ cast, url, audience }: Pick<CommandOptions, 'cast' | 'url' | 'audience'>, who: Person) {
  return {
    STARTGATE_URL: url,
    STARTGATE_AUDIENCE: audience,
    STARTGATE_NAME: who,
    STARTGATE_KEY: cast.keyFile(who),
  }
}

export function createStartgateCommand(options: CommandOptions): StartgateCommand {
  const { cli, folder, narrator, cleanup } = options
  return async (who, args, shows = () => true) => {
    narrator.command(who, shorten(['startgate', ...args.map(quote)].join(' ')))
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: folder,
      // Nobody's own configuration file is read, nor changed, and nobody's agent is asked.
      env: { ...process.env, HOME: folder, SSH_AUTH_SOCK: '', ...toSettings(options, who) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    cleanup.add(() => void child.kill())
    const lines: string[] = []
    const read = async (stream: Readable) => {
      for await (const line of createInterface({ input: stream })) {
        lines.push(line)
        if (shows(line)) narrator.output(shorten(line))
      }
    }
    const exited = new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve(code ?? 1))
    })
    const ended = Promise.all([exited, read(child.stdout), read(child.stderr)])
    const [exit] =
      args[0] === 'watch'
        ? await narrator.during('startgate watch', ended)
        : await narrator.undisturbed(`startgate ${args[0] ?? ''}`, ended)
    return { exit, lines }
  }
}

/** Hashes are cut for the story alone. */
export function shorten(text: string): string {
  return text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…')
}

function quote(arg: string): string {
  return /^[\w./:@=-]+$/.test(arg) ? arg : `"${arg}"`
}
