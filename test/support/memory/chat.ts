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
}

export function createMemoryChat(): MemoryChat {
  const messages: MemoryChat['messages'] = []
  const refusing = new Map<Platform, string>()
  return {
    messages,
    refuse: (platform, why = 'the platform answered 503') => void refusing.set(platform, why),
    accept: (platform) => void refusing.delete(platform),
    async post(to: Address, message, key) {
      const why = refusing.get(to.platform)
      if (why !== undefined) return { ok: false, why }
      const id = `m${messages.length + 1}`
      messages.push({ to: toTarget(to), id, key, shown: message, edits: 0 })
      return { ok: true, id }
    },
    async edit(to, id, message) {
      const why = refusing.get(to.platform)
      if (why !== undefined) return { ok: false, why }
      const found = messages.find((each) => each.id === id && each.to === toTarget(to))
      if (found === undefined) return { ok: false, why: 'there is no such message' }
      found.shown = message
      found.edits += 1
      return { ok: true, id }
    },
  }
}
