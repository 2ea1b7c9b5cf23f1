// One readable line a call on the terminal.

import pc from 'picocolors'
import type { Operation } from './spine.ts'

export interface RequestLogOptions {
  /** Where lines go, without a line end. Default: stdout. */
  readonly write?: (line: string) => void
  /** Default: when stdout is a terminal. */
  readonly color?: boolean
}

export function createRequestLog(options: RequestLogOptions = {}): (operation: Operation) => void {
  const write = options.write ?? ((line: string) => void process.stdout.write(`${line}\n`))
  const color = pc.createColors(options.color ?? process.stdout.isTTY === true)

  return (operation) => {
    const { status, code, fault } = operation
    const paint = status >= 500 || status === 0 ? color.red : status >= 400 ? color.yellow : color.green
    const columns = [
      color.dim(new Date(operation.at).toISOString().slice(11, 23)),
      operation.service,
      operation.operation.padEnd(18),
      operation.role.padEnd(8),
      paint(status === 0 ? '---' : String(status)),
      color.dim(`${Math.round(operation.durationMs)} ms`.padStart(7)),
      // A subject holds what callers sent: a control character in it must not move the reader's cursor.
      operation.subject.replace(/\p{Cc}/gu, '?'),
      ...(code === undefined ? [] : [paint(code)]),
      ...(fault === undefined ? [] : [color.magenta(`fault: ${fault}`)]),
    ]
    write(columns.join('  '))
  }
}
