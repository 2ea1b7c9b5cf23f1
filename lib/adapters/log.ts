// One JSON line per event, with the call that it belongs to, and the request if it is about one. The last door before the
// outside: whatever looks like a secret is taken out here once more.
import type { Clock, Log } from '#ports/world.ts'

type Level = keyof Log

export interface LogOptions {
  readonly clock: Pick<Clock, 'now'>
  /** The platform's name for the invocation that runs now. */
  readonly call: () => string
  /** Default: standard output. */
  readonly write?: (line: string) => void
}

export function createLog({ clock, call, write = (line) => void process.stdout.write(line) }: LogOptions): Log {
  const at =
    (level: Level): Log[Level] =>
    (event, facts) => {
      const fixed = { at: new Date(clock.now()).toISOString(), level, event, call: call() }
      const entries = toEntries(facts, 0)
      // Named first so that lines begin alike, and again so that no fact can stand in for them.
      write(`${JSON.stringify({ ...fixed, ...findRequest(entries), ...entries, ...fixed })}\n`)
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

/** A fault knows the request that it is about by what failed, as in `put denied into asks of req_…`. */
function findRequest(entries: object): { readonly request?: string } {
  const [request] = /req_[0-9a-f]{32}/.exec(JSON.stringify(entries)) ?? []
  return request === undefined ? {} : { request }
}

const DEEPEST = 6
const SECRET_NAME = /token|secret|password|authorization|cookie|credential|accesskey|private/i

function toPlain(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return withoutSecrets(value)
    case 'bigint':
    case 'symbol':
    case 'function':
      return String(value)
    case 'object':
      if (value === null) return null
      if (depth >= DEEPEST) return '[deeper]'
      if (value instanceof Error) return toEntries(describe(value), depth)
      if (Array.isArray(value)) return value.map((each) => toPlain(each, depth + 1))
      return toEntries(value, depth)
    default:
      return value
  }
}

function toEntries(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => [
      name,
      SECRET_NAME.test(name) ? '[redacted]' : toPlain(each, depth + 1),
    ]),
  )
}

/** Never an error's own other fields: SDKs keep requests, headers and URLs there. */
function describe(error: Error): object {
  const { name, message, stack, cause } = error
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return {
    name,
    ...('code' in error ? { code: error.code } : {}),
    message,
    ...(frames === undefined ? {} : { frames: frames.map((line) => line.trim()) }),
    ...(cause === undefined ? {} : { cause }),
  }
}

/** A JWS, the query of a URL, an access key id, what follows the scheme of an authorization. */
function withoutSecrets(text: string): string {
  return text
    .replaceAll(/eyJ[\w-]+\.[\w-]*\.[\w-]*/g, '[token]')
    .replaceAll(/(https?:\/\/[^\s?]+)\?\S*/g, '$1?[query]')
    .replaceAll(/\b(?:STS\.|LTAI)\w+/g, '[key]')
    .replaceAll(/\b(Bearer|Basic|FC|OTS|ACS3-HMAC-SHA256) \S+/g, '$1 [redacted]')
}
