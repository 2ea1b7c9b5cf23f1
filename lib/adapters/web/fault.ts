// Faults as the log and the status line see them. Adapters give the errors they throw a stable `code`.

/** The cloud was not reached, or gave no clear answer: the same call may go through a little later. */
export function isPassing(error: unknown): boolean {
  return /(^|_)(unclear|unavailable)$/.test(codeOf(error) ?? '')
}

/**
 * Never the error itself: SDKs keep requests and credentials in its other fields. Without a code it is a bug, and the
 * place where it was thrown is what helps.
 */
export function toFaultFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = codeOf(error)
  const facts = { error: error.name, message: error.message }
  return code === undefined ? { ...facts, frames: framesOf(error) } : { ...facts, code }
}

function framesOf({ stack = '' }: Error): readonly string[] {
  const lines = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return lines.slice(0, 8).map((line) => line.trim())
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
