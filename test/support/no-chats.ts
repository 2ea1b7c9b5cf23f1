import type { ChatOptions } from '#adapters/web/chat-routes.ts'

/** A gate that no chat platform is connected to. */
export const NO_CHATS: ChatOptions = {
  platforms: new Map(),
  seen: { take: () => true, giveBack: () => {} },
  handOn: { send: async () => false },
}
