// Function Compute on this machine: loads the built artifact and treats it as the platform does.

import type { FunctionDefinition, LogLine, Outcome } from './definition.ts'
import { type HttpHandler, createHttpTrigger } from './http-trigger.ts'
import { createInvocationApi } from './invocation-api.ts'
import { type FunctionComputeOptions, type LocalFunction, createLocalFunction } from './local-function.ts'
import { createPending } from './pending.ts'
import type { InstanceView } from './pool.ts'

export interface FunctionCompute {
  /** Serves the invocation API that `@alicloud/fc2` calls. */
  readonly apiHandler: HttpHandler
  /** Serves a function's HTTP trigger. Throws when it has none. */
  readonly httpHandler: (fn: string) => HttpHandler
  readonly invoke: Invoke
  /** Fires a timer trigger by hand, also a disabled one; `triggerTime` is in epoch milliseconds, default now. */
  readonly fireTimer: (fn: string, triggerName: string, triggerTime?: number) => void
  readonly instances: () => (InstanceView & { readonly fn: string })[]
  /** Kills an instance; its request fails. An unknown id is ignored: the instance may have just ended. */
  readonly kill: (instanceId: string) => void
  /** Stops an instance where it is, for `ms`. */
  readonly freeze: (instanceId: string, ms: number) => void
  /** Lets an instance run on, also one that stands still after an answer. */
  readonly thaw: (instanceId: string) => void
  readonly logs: (fn: string) => readonly LogLine[]
  /** Replaces the deployed files by those of another directory, and some variables. What runs meanwhile ends with the old ones. */
  readonly deploy: (fn: string, artifact: string, environment?: Readonly<Record<string, string>>) => void
  /** Changes how a function is set up, as somebody with the console would. */
  readonly reconfigure: (fn: string, changes: Partial<FunctionDefinition>) => void
  /** Settles when no request runs and no asynchronous event waits. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Runs one event, without any signature: a Buffer or text as it is, anything else as JSON. With `async` it settles when
 * the event has been accepted.
 */
interface Invoke {
  (fn: string, event: unknown): Promise<Outcome>
  (fn: string, event: unknown, options: { readonly async: true }): Promise<void>
}

export function createFunctionCompute(options: FunctionComputeOptions): FunctionCompute {
  const pending = createPending()
  const functions = new Map(
    Object.entries(options.definitions).map(([fn, definition]) => [
      fn,
      createLocalFunction(fn, definition, options, pending),
    ]),
  )
  const all = [...functions.values()]
  const killAll = () => {
    for (const { pool } of all) for (const { id } of pool.instances()) pool.find(id)?.kill()
  }
  // A stopped process would outlive this one.
  process.once('exit', killAll)
  if (options.timers ?? true) for (const { timers } of all) timers.start()

  function get(fn: string): LocalFunction {
    const found = functions.get(fn)
    if (found === undefined) throw new Error(`There is no function ${fn}`)
    return found
  }

  function find(instanceId: string) {
    return all.map(({ pool }) => pool.find(instanceId)).find((instance) => instance !== undefined)
  }

  function invoke(fn: string, event: unknown): Promise<Outcome>
  function invoke(fn: string, event: unknown, how: { readonly async: true }): Promise<void>
  async function invoke(fn: string, event: unknown, how?: { readonly async: true }): Promise<Outcome | void> {
    if (how?.async === true) return get(fn).push(toEvent(event))
    return await get(fn).invoke(toEvent(event))
  }

  return {
    apiHandler: createInvocationApi(options.spine, (name) =>
      all.find(({ definition }) => definition.functionName === name),
    ),
    httpHandler(fn) {
      const target = get(fn)
      if (target.definition.httpMethods === undefined) throw new Error(`${fn} has no HTTP trigger`)
      const { spine, defaultDomain = false } = options
      return createHttpTrigger({ ...target, place: spine, now: () => spine.now(), defaultDomain })
    },
    invoke,
    fireTimer: (fn, triggerName, triggerTime) => get(fn).timers.fire(triggerName, triggerTime),
    instances: () => [...functions].flatMap(([fn, { pool }]) => pool.instances().map((view) => ({ fn, ...view }))),
    kill: (instanceId) => find(instanceId)?.kill(),
    freeze: (instanceId, ms) => find(instanceId)?.freeze(ms),
    thaw: (instanceId) => find(instanceId)?.thaw(),
    logs: (fn) => get(fn).logs,
    deploy: (fn, artifact, environment) => get(fn).pool.deploy(artifact, environment),
    reconfigure(fn, changes) {
      const { reconfigure, timers } = get(fn)
      reconfigure(changes)
      timers.stop()
      if (options.timers ?? true) timers.start()
    },
    idle: async () => await pending.none(),
    async close() {
      process.off('exit', killAll)
      for (const { timers, queue } of all) {
        timers.stop()
        queue.close()
      }
      await Promise.all(all.map(async ({ pool }) => await pool.close()))
      await pending.none()
    },
  }
}

function toEvent(event: unknown): Buffer {
  return Buffer.isBuffer(event) ? event : Buffer.from(typeof event === 'string' ? event : JSON.stringify(event))
}
