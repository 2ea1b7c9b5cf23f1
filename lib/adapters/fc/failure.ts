// How an invocation fails: loudly for the platform, which counts it, and without a stack, which it would hand out.
import type { Fault } from '#flow/in-batches.ts'
import type { Log } from '#ports/world.ts'

export function toPlainError(message: string): Error {
  const error = new Error(message)
  error.stack = `Error: ${message}`
  return error
}

/**
 * Never the error itself: SDKs keep requests and credentials in its other fields. Without a code it is a bug, and the
 * place where it was thrown is what helps.
 */
export function toFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error }
  const facts = { error: error.name, message: error.message }
  if ('code' in error && typeof error.code === 'string') return { ...facts, code: error.code }
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { ...facts, frames: lines.slice(0, 8).map((line) => line.trim()) }
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
export function failIfAny(log: Log, what: string, faults: readonly Fault[], seen: number): void {
  logFaults(log, what, faults)
  if (faults.length > 0) throw toPlainError(`${what}: ${faults.length} failed, of ${seen} requests`)
}

export function logFaults(log: Log, what: string, faults: readonly Fault[]): void {
  for (const { request, error } of faults) log.error('work.failed', { what, request, ...toFacts(error) })
}
