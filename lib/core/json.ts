/** Undefined for text that is no JSON: what comes in from outside is judged by a schema next. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
