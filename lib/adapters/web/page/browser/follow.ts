// Keeps what the page shows true until the request is final.
import type { RequestData } from '#adapters/web/page/page-data.ts'
import { find } from './elements.ts'
import { fetchPage, renew } from './renew.ts'

const [FIRST, LAST, GROWTH] = [2_000, 15_000, 1.3]
const DEADLINE = 10_000

interface Seen extends Pick<RequestData, 'state' | 'final'> {
  readonly head: RequestData['heads']
}

/** Looks at 2 s, then ever more rarely; not while nobody sees the page. Gives back how to look at once. */
export function follow(data: RequestData, isInUse: () => boolean): () => void {
  let known = toMark(data.state, data.heads)
  let pause = FIRST
  let timer: ReturnType<typeof setTimeout> | undefined
  let looking = false
  let over = data.final

  async function look(): Promise<void> {
    if (looking || over || document.hidden) return
    looking = true
    clearTimeout(timer)
    const seen = await fetchSeen(data).catch(() => undefined)
    const changed = seen !== undefined && toMark(seen.state, seen.head) !== known
    if (changed && !seen.final && !isInUse()) return location.reload()
    const fresh = changed ? await fetchPage(DEADLINE).catch(() => undefined) : undefined
    looking = false
    if (fresh !== undefined) {
      renew(fresh)
      known = toMark(fresh.data.state, fresh.data.heads)
      over = fresh.data.final
    }
    const failed = seen === undefined || (changed && fresh === undefined)
    find('connection', HTMLElement).textContent = failed ? data.words.retrying : ''
    if (over) return
    pause = changed ? FIRST : Math.min(pause * GROWTH, LAST)
    timer = setTimeout(() => void look(), pause)
  }

  function lookSoon(): void {
    clearTimeout(timer)
    pause = FIRST
    timer = setTimeout(() => void look(), 0)
  }

  if (over) return () => undefined
  timer = setTimeout(() => void look(), FIRST)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) lookSoon()
  })
  return lookSoon
}

async function fetchSeen({ id, language }: RequestData): Promise<Seen> {
  const abort = new AbortController()
  const deadline = setTimeout(() => abort.abort(), DEADLINE)
  try {
    const response = await fetch(`../v1/start-requests/${id}`, {
      headers: { 'accept-language': language },
      signal: abort.signal,
    })
    if (!response.ok) throw new Error(String(response.status))
    return (await response.json()) as Seen
  } finally {
    clearTimeout(deadline)
  }
}

function toMark(state: string, { asks, runs }: RequestData['heads']): string {
  return `${state} ${asks.n} ${runs.n}`
}
