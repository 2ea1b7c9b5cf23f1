import type { Telling } from '#core/telling.ts'
import type { Messenger } from '#ports/messenger.ts'

export interface MemoryMessenger extends Messenger {
  readonly delivered: { readonly receiver: string; readonly telling: Telling }[]
  /** Every delivery to this receiver fails from now on. */
  refuse(receiver: string, why?: string): void
  accept(receiver: string): void
}

export function createMemoryMessenger(): MemoryMessenger {
  const delivered: MemoryMessenger['delivered'] = []
  const refusing = new Map<string, string>()
  return {
    delivered,
    refuse: (receiver, why = 'the receiver answered 503') => void refusing.set(receiver, why),
    accept: (receiver) => void refusing.delete(receiver),
    async deliver(receiver, telling) {
      const why = refusing.get(receiver)
      if (why !== undefined) return { ok: false, why }
      delivered.push({ receiver, telling })
      return { ok: true }
    },
  }
}
