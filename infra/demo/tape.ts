// Keeps what a terminal shows of the story, a block at a time, and lets it through.
import type { Terminal } from './screen.ts'

/** So many that a command with the id of a request still fits a line. */
export const COLUMNS = 72

export interface Tape {
  /** In colour, whatever is behind it. */
  readonly terminal: Terminal
  /** What was printed at once: each ends with a line feed, and may hold several lines. */
  blocks(): readonly string[]
}

export function createTape(show: (text: string) => void): Tape {
  const blocks: string[] = []
  return {
    terminal: {
      isTTY: true,
      columns: COLUMNS,
      write(text) {
        show(text)
        // A spinner stays on its line; whatever comes next erases it first.
        if (text.endsWith('\n')) blocks.push(text.replace('\r\u001B[2K', ''))
      },
    },
    blocks: () => blocks,
  }
}
