// Faults as the log and the status line see them. Adapters give the errors they throw a stable `code`.

/** The cloud was not reached, or gave no clear answer: the same call may go through a little later. */
const PASSING: readonly string[] = ['unclear', 'unreachable']

export function isPassing(error: unknown): boolean {
  const code = codeOf(error)
  return code !== undefined && PASSING.includes(code)
}

/** Code and message only: a cause or a dumped object may hold a credential or a token. */
export function toFaultFacts(error: unknown): Readonly<Record<string, unknown>> {
  const code = codeOf(error)
  return error instanceof Error
    ? { error: error.name, ...(code === undefined ? {} : { code }), message: error.message }
    : { error: typeof error }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
