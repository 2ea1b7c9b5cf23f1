// One JSON line per event. The last door before the outside: whatever looks like a secret is taken out here once more.
import type { Clock, Log } from '#ports/world.ts'

type Level = keyof Log

export function createLog(
  clock: Pick<Clock, 'now'>,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Log {
  const at =
    (level: Level): Log[Level] =>
    (event, facts) => {
      const fixed = { at: new Date(clock.now()).toISOString(), level, event }
      // Named first so that lines begin alike, and again so that no fact can stand in for them.
      write(`${JSON.stringify({ ...fixed, ...toEntries(facts, 0), ...fixed })}\n`)
    }
  return { info: at('info'), warn: at('warn'), error: at('error') }
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
