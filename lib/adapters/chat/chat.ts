// All platforms that the policy connects, as one.
import type { Platform } from '#core/words.ts'
import type { Chat, Posted } from '#ports/chat.ts'

export function createChat(platforms: ReadonlyMap<Platform, Chat>): Chat {
  const notConnected = async (platform: Platform): Promise<Posted> => ({
    ok: false,
    why: `${platform} is not connected`,
  })
  return {
    post: async (to, message, key) => platforms.get(to.platform)?.post(to, message, key) ?? notConnected(to.platform),
    edit: async (to, id, message) => platforms.get(to.platform)?.edit(to, id, message) ?? notConnected(to.platform),
  }
}
