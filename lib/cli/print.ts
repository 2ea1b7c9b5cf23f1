// How anything reaches the screen. Every text passes through here, so that nothing the gate sends can move the cursor,
// colour, hide or re-order what an approver reads.
import picocolors from 'picocolors'
import { DAY, HOUR, MINUTE, SECOND } from '#core/durations.ts'
import { replaceHidden, toPlain } from '#core/plain-text.ts'
import type { Head } from '#core/row.ts'
import { toReadableInstant } from '#core/words.ts'
import type { Io, Output } from './io.ts'
import { countColumns, WIDEST, wrap } from './wrap.ts'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow'
export type Part = string | { readonly style: Style; readonly text: string }

export interface Printer {
  readonly isTTY: boolean
  /** The room there is on a terminal that says so. */
  readonly columns: number | undefined
  /** Prose: wrapped on a terminal, in one piece elsewhere. Blanks at its beginning stand before each of its lines. */
  line(...parts: readonly Part[]): void
  /** As `line`, and each further line begins below the end of `mark`. */
  entry(mark: readonly Part[], ...parts: readonly Part[]): void
  /** A line to copy or to compare: never wrapped. */
  verbatim(...parts: readonly Part[]): void
  /** Without an end of line, for a question or for progress. */
  part(...parts: readonly Part[]): void
  json(value: unknown): void
  /** One line of JSON, for what comes one by one. */
  jsonLine(value: unknown): void
  /** Takes back the progress that was shown on this line; a terminal alone shows any. */
  clear(): void
}

export function createPrinter(output: Output, env: Io['env']): Printer {
  const colours = picocolors.createColors(output.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb')
  const lay = (parts: readonly Part[]): string =>
    parts.map((part) => (typeof part === 'string' ? toPlain(part) : colours[part.style](toPlain(part.text)))).join('')
  const findRoom = (): number | undefined => (output.isTTY && output.columns !== 0 ? output.columns : undefined)
  const write = (text: string, hang?: number): void => {
    const room = findRoom()
    const lines = room === undefined ? [text] : wrap(text, Math.min(room, WIDEST), hang)
    output.write(lines.map((line) => `${line}\n`).join(''))
  }
  return {
    isTTY: output.isTTY,
    get columns() {
      return findRoom()
    },
    line: (...parts) => write(lay(parts)),
    entry: (mark, ...parts) => write(lay([...mark, ...parts]), countColumns(lay(mark))),
    verbatim: (...parts) => output.write(`${lay(parts)}\n`),
    part: (...parts) => output.write(lay(parts)),
    json: (value) => output.write(`${toJsonText(value, 2)}\n`),
    jsonLine: (value) => output.write(`${toJsonText(value, 0)}\n`),
    clear: () => (output.isTTY ? output.write('\r\u001B[2K') : undefined),
  }
}

/** JSON that is harmless on a terminal: the same data, with those characters as escapes. */
function toJsonText(value: unknown, indent: number): string {
  const escape = (text: string): string =>
    [...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
  return JSON.stringify(value, null, indent)
    .split('\n')
    .map((line) => replaceHidden(line, escape))
    .join('\n')
}

export function toHumane(ms: number): string {
  const units = [
    ['d', DAY],
    ['h', HOUR],
    ['min', MINUTE],
  ] as const
  const at = units.findIndex(([, length]) => ms >= length)
  const unit = units[at]
  if (unit === undefined) return `${Math.max(0, Math.floor(ms / SECOND))} s`
  const [name, length] = unit
  const next = units[at + 1]
  const rest = next === undefined ? 0 : Math.floor((ms % length) / next[1])
  const whole = `${Math.floor(ms / length)} ${name}`
  return next === undefined || rest === 0 ? whole : `${whole} ${rest} ${next[0]}`
}

export function sayExpiry(expiresAt: number, now: number): string {
  const how = now < expiresAt ? `expires in ${toHumane(expiresAt - now)}` : `expired ${toHumane(now - expiresAt)} ago`
  return `${how} (${toReadableInstant(expiresAt)})`
}

/** `asks:2:<hash>`: short enough to keep, and `verify --head` reads it back. */
export function toHeadText(book: 'asks' | 'runs', { n, hash }: Head): string {
  return `${book}:${n}:${hash}`
}

export interface Field {
  readonly label: string
  readonly value: string
}

export function printFields(printer: Printer, fields: readonly Field[]): void {
  const width = Math.max(...fields.map(({ label }) => label.length))
  for (const { label, value } of fields) printer.entry(['  ', { style: 'dim', text: label.padEnd(width) }, '  '], value)
}
