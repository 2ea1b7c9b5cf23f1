// One line that says how far it is, again and again on a terminal, now and then in a pipe.

export interface Progress {
  show(text: string): void
  clear(): void
}

const EVERY_MS = 5000

export function createProgress(out: NodeJS.WriteStream): Progress {
  let lastAt = Date.now()
  return {
    show(text) {
      if (out.isTTY) out.write(`\r\u001B[2K${text}`)
      else if (Date.now() - lastAt >= EVERY_MS) {
        lastAt = Date.now()
        out.write(`${text}\n`)
      }
    },
    clear() {
      if (out.isTTY) out.write('\r\u001B[2K')
    },
  }
}
