// The first step of an invocation: the platform's context, and what it is wired to. There is no log yet but the console.
import type { FirstDeps, GateDeps, StarterDeps } from '#flow/deps.ts'
import type { Log } from '#ports/world.ts'
import { toFacts, toPlainError } from './failure.ts'
import { parseInvocation, type Invocation } from './invocation.ts'

/** The platform's form of a handler: the event as bytes, and its context. */
export type FcHandler = (event: Uint8Array, context: unknown) => Promise<unknown>

/** What the gate is wired to: the app for HTTP, and for timers and hints what the flow is given, made when it is needed. */
export interface Gate {
  readonly log: Log
  deps(): Promise<GateDeps>
  fetch(request: Request): Response | Promise<Response>
}

/** What the starter is wired to: `first` at once, and what a start takes when there is one. */
export interface Starter {
  readonly first: FirstDeps
  deps(): Promise<StarterDeps>
}

export type Wire<Wired> = (invocation: Invocation) => Wired

/** What `startgate doctor` asks a function about itself. */
export interface Asked {
  readonly invocation: Invocation
  /** To try dry runs on. */
  readonly instances: readonly string[]
  /** When a timer last called this very instance of the function, epoch ms. */
  readonly lastTimer: number | undefined
}

/** Answers also where the function cannot be wired; never shows a secret. */
export type Examine = (asked: Asked) => Promise<object>

export interface Opened<Wired> {
  readonly invocation: Invocation
  readonly wired: Wired
}

export function open<Wired>(wire: Wire<Wired>, context: unknown): Opened<Wired> {
  let call: string | undefined
  try {
    const invocation = parseInvocation(context)
    call = invocation.requestId
    return { invocation, wired: wire(invocation) }
  } catch (error) {
    console.error(JSON.stringify({ level: 'error', event: 'wire.failed', call, ...toFacts(error) }))
    throw toPlainError('the function is not set up right; its log says why')
  }
}
