// How an invocation fails: loudly for the platform, which counts it, and without a stack, which it would hand out.
import type { Log } from '#ports/world.ts'

export function toPlainError(message: string): Error {
  const error = new Error(message)
  error.stack = `Error: ${message}`
  return error
}

/** Code and message only: a cause or a dumped object may hold a credential or a token. */
export function toFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  return { error: error.name, ...code, message: error.message }
}

/** Runs one piece of work; what it throws is logged and comes out as one plain line. */
export async function orFailPlainly<Result>(log: Log, what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    log.error('work.failed', { what, ...toFacts(error) })
    throw toPlainError(`${what} failed`)
  }
}

/** Once everybody had a turn: logs what failed, and fails with the counts. */
export function failIfAny(log: Log, what: string, faults: readonly unknown[], seen: number): void {
  logFaults(log, what, faults)
  if (faults.length > 0) throw toPlainError(`${what}: ${faults.length} failed, of ${seen} requests`)
}

export function logFaults(log: Log, what: string, faults: readonly unknown[]): void {
  for (const fault of faults) log.error('work.failed', { what, ...toFacts(fault) })
}
