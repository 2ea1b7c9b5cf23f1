// RFC 8785, which browsers too can make: nothing here needs Node.
import canonicalize from 'canonicalize'

/** The canonical JSON text (RFC 8785) of plain, already validated data. */
export function toCanonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('only plain JSON data has a canonical form')
  return text
}
