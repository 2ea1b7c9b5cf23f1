// All platforms that the policy connects, as one. One that answers nothing any more is left alone for a while: each call
// takes as long as it may, and whoever else is told would wait for it.
import type { Durations } from '#core/durations.ts'
import type { Platform } from '#core/words.ts'
import type { Chat, Posted } from '#ports/chat.ts'
import type { Clock } from '#ports/world.ts'

export interface ChatOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly durations: Pick<Durations, 'deliverTimeout'>
}

/** So many calls without an answer, and none with one in between, are no accident. */
const MOST_HUNG = 3
/** In calls that take as long as they may. */
const REST = 3

/** `platforms`: each is loaded when it is first needed. */
export function createChat(
  platforms: ReadonlyMap<Platform, () => Promise<Chat>>,
  { clock, durations }: ChatOptions,
): Chat {
  const hung = new Map<Platform, { readonly calls: number; readonly at: number }>()

  const call = async (platform: Platform, ask: (chat: Chat) => Promise<Posted>): Promise<Posted> => {
    const load = platforms.get(platform)
    if (load === undefined) return { ok: false, why: `${platform} is not connected` }
    const chat = await load().catch(() => undefined)
    // Others are told all the same.
    if (chat === undefined) return { ok: false, why: `${platform} could not be loaded` }
    const began = clock.monotonic()
    const before = hung.get(platform)
    if (before !== undefined && before.calls >= MOST_HUNG && began < before.at + REST * durations.deliverTimeout)
      return { ok: false, why: `${platform} has not answered lately` }
    const posted = await ask(chat)
    const at = clock.monotonic()
    // A timer may fire a little before its time.
    if (posted.ok || at - began < 0.9 * durations.deliverTimeout) hung.delete(platform)
    else hung.set(platform, { calls: (hung.get(platform)?.calls ?? 0) + 1, at })
    return posted
  }

  return {
    post: async (to, message, key) => call(to.platform, (chat) => chat.post(to, message, key)),
    edit: async (to, id, message) => call(to.platform, (chat) => chat.edit(to, id, message)),
  }
}
