// Faults of a policy file as a compiler shows them; on a terminal with the line that each is in.
import { sayFault, type FileFault } from '#adapters/policy-file/flaw.ts'
import type { Printer } from '#lib/cli/print.ts'

const MARGIN = 4
const WIDEST = 110

export function printFaults(out: Printer, file: string, text: string, faults: readonly FileFault[]): void {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  for (const fault of faults) {
    out.line(sayFault(file, fault))
    if (!out.isTTY) continue
    const { start, shown } = crop(hideKeys(lines[fault.line - 1] ?? ''), fault.column)
    const number = String(fault.line).padStart(MARGIN)
    const marked = /^[\w-]*/.exec(shown.slice(fault.column - 1 - start))?.[0].length ?? 0
    out.verbatim({ style: 'dim', text: `${number} | ` }, shown)
    out.verbatim({ style: 'dim', text: `${' '.repeat(MARGIN)} | ` }, ' '.repeat(fault.column - 1 - start), {
      style: 'red',
      text: '^'.repeat(Math.max(1, marked)),
    })
    out.line()
  }
  out.line(
    { style: 'red', text: 'REFUSED' },
    `  ${faults.length === 1 ? 'One thing is' : `${faults.length} things are`} wrong in ${file}.`,
  )
}

/** The part of a long line that the fault is in. */
function crop(line: string, column: number): { readonly start: number; readonly shown: string } {
  const start = column < WIDEST ? 0 : column - WIDEST / 2
  return { start, shown: line.slice(start, start + WIDEST) }
}

/** By mistake it may be a private one. */
function hideKeys(line: string): string {
  return line.replaceAll(/[A-Za-z0-9+/_=-]{32,}/g, (key) => '·'.repeat(key.length))
}
