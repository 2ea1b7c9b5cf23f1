// How far a load is: one line that is written over on a terminal, a new line now and then elsewhere.
import type { Stand } from './run.ts'

const ELSEWHERE_MS = 10_000
const ERASE = '\r\u001B[2K'

export interface Progress {
  show(stand: Stand): void
  /** Leaves the line as it was before the first word. */
  clear(): void
}

export function createProgress(out: NodeJS.WriteStream, requests: number): Progress {
  const begunAt = Date.now()
  let shownAt = 0
  let phase: Stand['phase'] | undefined
  return {
    show(stand) {
      const now = Date.now()
      if (!out.isTTY && stand.phase === phase && now - shownAt < ELSEWHERE_MS) return
      shownAt = now
      phase = stand.phase
      const text = `${String(Math.round((now - begunAt) / 1000)).padStart(4)} s  ${say(stand, requests)}`
      out.write(out.isTTY ? `${ERASE}${text.slice(0, out.columns - 1)}` : `${text}\n`)
    },
    clear: () => void (out.isTTY && out.write(ERASE)),
  }
}

function say({ phase, begun, decided, open, audited }: Stand, requests: number): string {
  switch (phase) {
    case 'deploying':
      return 'deploying the functions on the local cloud'
    case 'load':
      return `${begun} of ${requests} arrived, ${decided} decided, ${open} not yet final and told`
    case 'drain':
      return `all are decided; the timers finish what is left: ${open}`
    case 'audit':
      return `audited ${audited} of ${requests}`
  }
}
