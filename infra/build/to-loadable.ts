// The form in which the loader reads code: one expression, so that nothing has to be put around it, and ASCII, so that it
// needs no decoding. Each would be another copy of half a megabyte at every cold start.

/** Of a CommonJS module: a function of `require`, `module` and `exports`. */
export function toLoadable(code: string): string {
  return `(function (require, module, exports) {${toAscii(code)}\n})\n`
}

/** esbuild escapes what stands in strings, and leaves comments, regular expressions and templates as they are. */
export function toAscii(code: string): string {
  // There an escape means the same, but in these two places.
  if (code.includes('String.raw')) throw new Error('Code that reads raw templates cannot be made ASCII')
  const [escaped] = /(?<!\\)(?:\\\\)*\\[^\0-\x7F]/.exec(code) ?? []
  if (escaped !== undefined) throw new Error(`Code with a backslash before it cannot be made ASCII: ${escaped}`)
  return code.replaceAll(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
