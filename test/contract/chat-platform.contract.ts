// What every chat platform promises. It runs over real sockets: the platform's adapter calls the local platform's API, and
// takes the calls that the local platform signs. Each platform runs it in its own `chat-<platform>.test.ts`.
import { setUpChat, type ChatMaker } from '#support/chat-platform.ts'
import { describeChatCalls } from './chat-calls.contract.ts'
import { describeChatFailures } from './chat-failures.contract.ts'
import { describeChatMessages } from './chat-messages.contract.ts'

export function describeChatPlatform(name: string, maker: ChatMaker): void {
  const setup = () => setUpChat(maker)
  describeChatCalls(name, maker, setup)
  describeChatMessages(name, maker, setup)
  describeChatFailures(name, maker, setup)
}
