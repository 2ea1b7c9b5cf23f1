// Where the gate is and who is calling: flags before environment before the configuration file.
import { join } from 'node:path'
import { parseJson } from '#core/json.ts'
import { isLoopback } from '#core/loopback.ts'
import { audienceSchema, nameSchema } from '#core/words.ts'
import * as z from '#core/zod.ts'
import { EXIT, Failure } from './failure.ts'
import type { Io } from './io.ts'

export interface Settings {
  readonly url?: string | undefined
  readonly name?: string | undefined
  /** The deployment whose proposals this person signs. Set by hand, never learned from what a gate shows. */
  readonly audience?: string | undefined
  /** File of the private key. */
  readonly key?: string | undefined
  /** File of an SSH key that signs decisions; calls are signed with `key`. */
  readonly sshKey?: string | undefined
}

const settingsSchema = z.strictObject({
  url: z.optional(z.string()),
  name: z.optional(nameSchema),
  audience: z.optional(audienceSchema),
  key: z.optional(z.string().check(z.minLength(1))),
  sshKey: z.optional(z.string().check(z.minLength(1))),
})

export const SETTINGS = ['url', 'name', 'audience', 'key', 'sshKey'] as const

export async function readSettings(io: Io, flags: Settings): Promise<Settings> {
  const file = await readConfig(io)
  const merged = SETTINGS.map((name) => [name, flags[name] ?? fromEnvironment(io, name) ?? file[name]])
  return parse(Object.fromEntries(merged.filter(([, value]) => value !== undefined)), 'the settings')
}

/** Adds to the configuration file; what is not given stays. */
export async function writeSettings(io: Io, given: Settings): Promise<Settings> {
  const all = parse({ ...(await readConfig(io)), ...parse(given, 'the flags') }, 'the settings')
  if (all.url !== undefined) toGateUrl(all.url)
  await io.files.replace(configFile(io), `${JSON.stringify(all, null, 2)}\n`)
  return all
}

export function configFile({ home }: Io): string {
  return join(home, '.config', 'startgate', 'config.json')
}

export function keyFile({ home }: Io, { key }: Settings): string {
  return key ?? join(home, '.config', 'startgate', 'key.json')
}

export function requireSetting(settings: Settings, name: 'url' | 'name' | 'audience'): string {
  const value = settings[name]
  if (value !== undefined) return value
  throw new Failure(EXIT.usage, `${WHAT[name]} is not set.`, {
    next: [`Pass --${name}, set STARTGATE_${name.toUpperCase()}, or run: startgate configure --${name} <${name}>`],
  })
}

const WHAT = {
  url: 'The address of the gate',
  name: 'Your name in the policy',
  audience: 'The deployment that you deal with (<account>/<region>/<starter function>)',
} as const

/** Calls are signed, not secret: without TLS anybody on the way reads them. Only a gate on this machine may go without. */
export function toGateUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const local = url !== undefined && isLoopback(url.hostname)
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && local))) {
    throw new Failure(EXIT.usage, `${text} is no address of a gate.`, {
      next: ['Give it like https://gate.example.com; plain http only for this machine.'],
    })
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new Failure(EXIT.usage, `${text} is more than the address of a gate.`, { next: [`Give only ${url.origin}`] })
  }
  return url
}

async function readConfig(io: Io): Promise<Settings> {
  const path = configFile(io)
  const text = await io.files.read(path)
  if (text === undefined) return {}
  const value = parseJson(text)
  if (value === undefined) {
    throw new Failure(EXIT.usage, `${path} is not JSON.`, {
      next: ['Correct it, or remove it and see: startgate configure --help'],
    })
  }
  return parse(value, path)
}

function fromEnvironment({ env }: Io, name: (typeof SETTINGS)[number]): string | undefined {
  const value = env[name === 'sshKey' ? 'STARTGATE_SSH_KEY' : `STARTGATE_${name.toUpperCase()}`]
  return value === '' ? undefined : value
}

function parse(value: unknown, where: string): Settings {
  const parsed = settingsSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
  throw new Failure(EXIT.usage, `Not understood in ${where}: ${faults.join('; ')}.`, {
    next: ['Correct it, or see: startgate configure --help'],
  })
}
