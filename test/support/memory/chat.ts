import { toTarget, type Address } from '#core/chat.ts'
import type { ChatMessage } from '#core/card.ts'
import type { Platform } from '#core/words.ts'
import type { Chat } from '#ports/chat.ts'

export interface MemoryChat extends Chat {
  /** In the order of their posting, each as it shows now. */
  readonly messages: {
    readonly to: string
    readonly id: string
    readonly key: string
    shown: ChatMessage
    edits: number
  }[]
  /** Every call fails from now on. */
  refuse(platform: Platform, why?: string): void
  accept(platform: Platform): void
  /** Somebody deletes a message: it cannot be changed any more. */
  remove(id: string): void
}

export function createMemoryChat(): MemoryChat {
  const messages: MemoryChat['messages'] = []
  let made = 0
  const refusing = new Map<Platform, string>()
  return {
    messages,
    refuse: (platform, why = 'the platform answered 503') => void refusing.set(platform, why),
    accept: (platform) => void refusing.delete(platform),
    remove(id) {
      const at = messages.findIndex((each) => each.id === id)
      if (at >= 0) messages.splice(at, 1)
    },
    async post(to: Address, message, key) {
      const why = refusing.get(to.platform)
      if (why !== undefined) return { ok: false, why }
      const id = `m${(made += 1)}`
      messages.push({ to: toTarget(to), id, key, shown: message, edits: 0 })
      return { ok: true, id }
    },
    async edit(to, id, message) {
      const why = refusing.get(to.platform)
      if (why !== undefined) return { ok: false, why }
      const found = messages.find((each) => each.id === id && each.to === toTarget(to))
      if (found === undefined) return { ok: false, why: 'there is no such message', gone: true }
      found.shown = message
      found.edits += 1
      return { ok: true, id }
    },
  }
}
