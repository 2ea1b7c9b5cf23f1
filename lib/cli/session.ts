// What every command that talks to a gate begins with.
import { isRequestId, type RequestId } from '#core/request-id.ts'
import type { Caller } from './call-token.ts'
import { createClient, type Client } from './client.ts'
import { EXIT, Failure } from './failure.ts'
import type { Io } from './io.ts'
import { readKeyFile } from './key-file.ts'
import { createPrinter, type Printer } from './print.ts'
import { keyFile, readSettings, requireSetting, toGateUrl, type Settings } from './settings.ts'

export interface Flags extends Settings {
  readonly json?: boolean | undefined
}

export interface Session {
  readonly io: Io
  readonly out: Printer
  readonly err: Printer
  readonly json: boolean
  readonly settings: Settings
  /** Of the settings, those that came with this very command. */
  readonly flags: Settings
}

export async function openSession(io: Io, flags: Flags): Promise<Session> {
  return {
    io,
    out: createPrinter(io.stdout, io.env),
    err: createPrinter(io.stderr, io.env),
    json: flags.json ?? false,
    settings: await readSettings(io, flags),
    flags,
  }
}

export function connect({ io, settings }: Session): Client {
  return createClient(io, toGateUrl(requireSetting(settings, 'url')))
}

export async function loadCaller({ io, err, settings }: Session): Promise<Caller> {
  const name = requireSetting(settings, 'name')
  const audience = requireSetting(settings, 'audience')
  const path = keyFile(io, settings)
  const { jwk, exposed } = await readKeyFile(io, path)
  if (exposed) {
    err.line({ style: 'yellow', text: 'warning: ' }, `others on this machine may read ${path}; run: chmod 600 ${path}`)
  }
  return { name, audience, jwk, file: path }
}

export function parseRequestId(text: string): RequestId {
  if (isRequestId(text)) return text
  throw new Failure(EXIT.usage, `${text} is no request id.`, { next: ['It looks like req_ and 32 hex digits.'] })
}

export function toPath(id: RequestId, rest = ''): string {
  return `/v1/start-requests/${id}${rest}`
}
