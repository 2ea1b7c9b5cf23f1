// The first step of an invocation: the platform's context, and what it is wired to. There is no log yet but the console.
import { toFacts, toPlainError } from './failure.ts'
import { parseInvocation, type Invocation } from './invocation.ts'

export type Wire<Wired> = (invocation: Invocation) => Wired

export interface Opened<Wired> {
  readonly invocation: Invocation
  readonly wired: Wired
}

export function open<Wired>(wire: Wire<Wired>, context: unknown): Opened<Wired> {
  try {
    const invocation = parseInvocation(context)
    return { invocation, wired: wire(invocation) }
  } catch (error) {
    console.error(JSON.stringify({ level: 'error', event: 'wire.failed', ...toFacts(error) }))
    throw toPlainError('the function is not set up right; its log says why')
  }
}
