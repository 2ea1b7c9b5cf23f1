// Again, as the answers 429 and 5xx and a broken connection ask for; the caller's key makes it the same call.
import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from '#support/api.ts'

/** Gets what came instead of an answer, before the call is repeated. */
export type OnRepeat = (why: string) => void

const PATIENCE_MS = 1_200_000
const FIRST_PAUSE_MS = 150
/** Long, or those who are turned away would keep the gate busy with turning them away again. */
const LONGEST_PAUSE_MS = 6000

/** Throws after twenty minutes in vain, as long as a busy machine may turn callers away. Any other answer is returned, also a refusal. */
export async function persist<Body>(
  onRepeat: OnRepeat,
  what: string,
  send: () => Promise<Answer<Body>>,
): Promise<Answer<Body>> {
  const until = Date.now() + PATIENCE_MS
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const answer = await send().catch(() => undefined)
    if (answer !== undefined && answer.status !== 429 && answer.status < 500) return answer
    const why = `${what} ${answer?.status ?? 'without an answer'}`
    if (Date.now() > until) throw new Error(`gave up after ${PATIENCE_MS / 1000} s: ${why}`)
    onRepeat(why)
    await delay(pause)
  }
}
