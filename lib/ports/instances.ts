import type { Look } from '#core/ready.ts'
import type { Answer } from '#core/runs.ts'

export interface InstanceLooks {
  /**
   * The instances as ECS shows them now, by id, in one call per 100. An id that is missing does not exist or may not be
   * seen; the two cannot be told apart. May lag behind a start by seconds. Throws when ECS gives no clear answer.
   */
  look(regionId: string, instanceIds: readonly string[]): Promise<ReadonlyMap<string, Look>>
  /**
   * The instances that have exactly this name, in one call: the first hundred of them. `name` holds no `*`, which ECS
   * takes for anything. Throws as `look` does.
   */
  find(regionId: string, name: string): Promise<readonly Look[]>
}

export interface StartCall {
  readonly accountId: string
  readonly regionId: string
  readonly instanceId: string
  readonly initLocalDisk: boolean
  readonly dryRun: boolean
  /** The request that it is for; goes into the user agent, where ActionTrail can show it. */
  readonly request: string
}

export type StartAnswer =
  | { readonly kind: 'accepted'; readonly requestId: string }
  /** ECS answered with an error code. */
  | { readonly kind: 'answered'; readonly answer: Answer; readonly retryAfter?: number }
  /** Proven never to have reached ECS: the connection was not opened. */
  | { readonly kind: 'not_sent'; readonly detail: string }
  /** Anything else: a timeout, a reset, an answer that is none. The instance may have been started. */
  | { readonly kind: 'no_answer'; readonly detail: string }
  /** As `no_answer`, and the SDK has not let go of the call: the process must end before the function is frozen. */
  | { readonly kind: 'unsettled' }

export interface InstanceStarts {
  /** Sends StartInstance exactly once and never again by itself. Answers within `startDeadline`; never throws. */
  start(call: StartCall): Promise<StartAnswer>
}
