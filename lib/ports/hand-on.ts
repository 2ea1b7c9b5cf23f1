import type { ChatEvent } from '#core/chat.ts'

export interface HandOn {
  /**
   * Hands what was said in a chat to the gate itself, as an asynchronous invocation, so that the platform is answered in
   * time. Sealed, so that nobody else who may invoke the gate can make it up. False when it is not certain that it arrived:
   * it must then be said again; twice is harmless. Never throws.
   */
  send(event: ChatEvent): Promise<boolean>
}
