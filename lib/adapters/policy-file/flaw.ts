// Something wrong in a policy file, and where.
import { LineCounter } from 'yaml'

export interface Flaw {
  /** Characters before it. */
  readonly offset: number
  /** The member that it is about; empty where it is about the text itself. */
  readonly path: readonly string[]
  readonly cause: string
  readonly cure: string
}

export interface FileFault extends Omit<Flaw, 'offset'> {
  /** From 1. */
  readonly line: number
  /** From 1, in characters. */
  readonly column: number
}

/** In the order of the file, and of what is about the text itself one for each line: the rest only follows from it. */
export function toFileFaults(text: string, flaws: readonly Flaw[]): readonly FileFault[] {
  const lines = countLines(text)
  const end = text.trimEnd().length
  const told = new Set<number>()
  return flaws
    .toSorted((one, other) => one.offset - other.offset)
    .flatMap(({ offset, ...rest }) => {
      const { line, col } = lines.linePos(Math.min(offset, end))
      if (rest.path.length === 0 && told.has(line)) return []
      told.add(line)
      return [{ line, column: col, ...rest }]
    })
}

function countLines(text: string): LineCounter {
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1)
  return lines
}

/** `policy.yaml:12:5  rules[0].approvals: must be at least 1; write it anew, as in: approvals: 2` */
export function sayFault(file: string, { line, column, path, cause, cure }: FileFault): string {
  const where = path.length === 0 ? '' : `${sayPath(path)}: `
  return `${file}:${line}:${column}  ${where}${cause}; ${cure}`
}

function sayPath(path: readonly string[]): string {
  return path.map((name, index) => (/^\d+$/.test(name) ? `[${name}]` : `${index === 0 ? '' : '.'}${name}`)).join('')
}
