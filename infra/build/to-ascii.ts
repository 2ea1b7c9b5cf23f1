// Code that is loaded as Latin-1. esbuild escapes what stands in strings, and leaves comments, regular expressions and
// templates as they are; there an escape means the same, but in `String.raw` and behind a backslash.
export function toAscii(code: string): string {
  if (code.includes('String.raw')) throw new Error('Code that reads raw templates cannot be made ASCII')
  const [escaped] = /(?<!\\)(?:\\\\)*\\[^\0-\x7F]/.exec(code) ?? []
  if (escaped !== undefined) throw new Error(`Code with a backslash before it cannot be made ASCII: ${escaped}`)
  return code.replaceAll(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
