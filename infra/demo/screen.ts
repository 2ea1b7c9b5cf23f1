// Lines on a terminal or in a pipe: wrapped, and never silent for long.
import { WIDEST, wrap } from '#lib/cli/wrap.ts'

export interface Screen {
  /** The first line begins with `mark`, the others with as many blanks. `paint` colours the text. */
  print(mark: Mark, text: string, paint?: Paint): void
  write(text: string): void
  /** A blank line, unless there is one. */
  gap(): void
  width(): number
  /** Shows that something is under way until it has settled. */
  during<Result>(what: string, work: Promise<Result>): Promise<Result>
  /** From now on silence means that nothing happens. */
  rest(): void
}

/** As much of a stream as the story needs. */
export interface Terminal {
  readonly isTTY: boolean
  readonly columns?: number | undefined
  write(text: string): unknown
}

export type Paint = (text: string) => string

export interface Mark {
  readonly text: string
  readonly paint?: Paint
  /** It stands before each line, not only before the first. */
  readonly everywhere?: boolean
}

const TICK_MS = 100
/** Without a terminal there is no spinner: a line after this long says what is waited for. */
const SILENCE_MS = 2000
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

export function createScreen(out: Terminal, isTerminal: boolean, dim: Paint): Screen {
  let doing = 'setting up'
  let isSpinning = false
  let isBlankAbove = false
  let lastAt = Date.now()

  // A terminal that nobody looks at has 0 columns.
  const width = () => Math.min(WIDEST, out.columns || 80)
  const write = (text: string) => {
    out.write(isSpinning ? `\r\u001B[2K${text}` : text)
    isSpinning = false
    isBlankAbove = text === '\n' || text.endsWith('\n\n')
    lastAt = Date.now()
  }
  const print: Screen['print'] = (mark, text, paint = String) => {
    const { paint: paintMark = String, everywhere = false } = mark
    const lines = wrap(text, width() - mark.text.length).map((line, index) => {
      const before = index === 0 || everywhere ? paintMark(mark.text) : ' '.repeat(mark.text.length)
      return `${before}${paint(line)}`
    })
    write(lines.map((line) => `${line.trimEnd()}\n`).join(''))
  }
  const ticking = setInterval(() => {
    const silentMs = Date.now() - lastAt
    if (isTerminal && silentMs >= TICK_MS) {
      const frame = SPINNER[Math.floor(Date.now() / TICK_MS) % SPINNER.length] ?? ''
      out.write(`\r\u001B[2K${dim(`  ${frame} ${doing}`.slice(0, width() - 1))}`)
      isSpinning = true
    }
    if (!isTerminal && silentMs >= SILENCE_MS) print({ text: '  … ' }, doing)
  }, TICK_MS)
  ticking.unref()

  return {
    print,
    write,
    width,
    gap() {
      if (!isBlankAbove) write('\n')
    },
    async during(what, work) {
      const before = doing
      doing = what
      try {
        return await work
      } finally {
        doing = before
      }
    },
    rest() {
      clearInterval(ticking)
      if (isSpinning) write('')
    },
  }
}
