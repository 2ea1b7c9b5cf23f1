// What was said in a chat, as an asynchronous invocation of the gate by itself.
import type { ChatEvent } from '#core/chat.ts'
import type { Durations } from '#core/durations.ts'
import type { HandOn } from '#ports/hand-on.ts'
import type { Log } from '#ports/world.ts'
import { invoke, type InvokeOptions } from './invoke.ts'

export interface HandOnOptions extends InvokeOptions {
  /** The deployed name of the gate. */
  readonly gate: string
  /** What goes into the queue for an event. */
  readonly seal: (event: ChatEvent) => object
  readonly durations: Pick<Durations, 'handOnTimeout'>
  readonly log: Log
}

export function createHandOn(options: HandOnOptions): HandOn {
  const { gate, seal, durations, log } = options
  const attempt = async (event: ChatEvent): Promise<string | undefined> => {
    try {
      return await invoke(options, gate, seal(event), durations.handOnTimeout)
    } catch {
      // Only the seal throws, and not every text can be sealed.
      return 'NotSealed'
    }
  }
  return {
    async send(event) {
      const failure = await attempt(event)
      // What was said is nobody's business here.
      if (failure !== undefined) log.warn('hand_on.failed', { platform: event.by.platform, code: failure })
      return failure === undefined
    },
  }
}
