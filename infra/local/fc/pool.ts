// All instances of one function: who takes the next request, when a further one is started, and when one is given up.

import { join } from 'node:path'
import type { Credentials, Spine } from '#infra/local/spine.ts'
import { newRequestId, toContext, toEnvironment } from './context.ts'
import type { FunctionDefinition, LogLine, Outcome } from './definition.ts'
import { type Instance, type InstanceState, newInstanceId, startInstance } from './instance.ts'

export interface PoolOptions {
  readonly spine: Spine
  readonly definition: FunctionDefinition
  /** The role whose policy its credentials carry. */
  readonly role: string
  /** The directory with the deployed files, until `deploy` names another. */
  readonly artifact: string
  readonly environment: Readonly<Record<string, string>>
  /** How many times faster than the definition's timeout says. */
  readonly timeScale: number
  /** An instance without a request for this long is reclaimed. */
  readonly idleMs: number
  readonly credentialsTtlMs: number
  readonly onLog: (line: LogLine) => void
  /** Called after each request that was run, with how long it took. */
  readonly onInvocation: (ms: number) => void
}

export interface InstanceView {
  readonly id: string
  readonly pid: number | undefined
  readonly state: InstanceState
  readonly busy: boolean
}

export interface Pool {
  /** Runs one request on a free instance or a new one. Never throws. */
  invoke(event: Buffer, options?: { readonly requestId?: string; readonly retryCount?: number }): Promise<Outcome>
  instances(): InstanceView[]
  find(id: string): Instance | undefined
  /**
   * From now on requests run the files of this directory, and find these variables besides; those that run already end with
   * what they began with.
   */
  deploy(artifact: string, environment?: Readonly<Record<string, string>>): void
  /** Kills every instance and settles when all have ended. */
  close(): Promise<void>
}

interface Member {
  readonly instance: Instance
  readonly artifact: string
  busy: boolean
  idle?: NodeJS.Timeout
}

export function createPool(options: PoolOptions): Pool {
  const { definition, spine } = options
  // The most recently used first: few instances stay warm and the others can be reclaimed.
  let members: Member[] = []
  let { artifact, environment } = options
  let closed = false

  function issue(functionInstance: string): Credentials {
    return spine.credentials.issue(options.role, { ttlMs: options.credentialsTtlMs, functionInstance })
  }

  function start(): Member {
    const id = newInstanceId()
    const at = { id, codePath: artifact, credentials: issue(id) }
    const instance = startInstance(id, {
      env: toEnvironment(definition, spine, at, environment),
      onLog: ({ requestId, text }) => options.onLog({ at: spine.now(), instance: id, requestId, text }),
    })
    const member = { instance, artifact, busy: false }
    void instance.ended.then(() => (members = members.filter((each) => each !== member)))
    return member
  }

  function take(): Member | undefined {
    const alive = members.filter(({ instance }) => instance.state() !== 'gone')
    const free = alive.find(({ busy }) => !busy)
    const working = alive.filter(({ busy }) => busy).length
    if (working >= definition.reservedConcurrency || (free === undefined && closed)) return undefined
    const member = free ?? start()
    clearTimeout(member.idle)
    member.busy = true
    members = [member, ...members.filter((each) => each !== member)]
    return member
  }

  function release(member: Member): void {
    member.busy = false
    if (member.instance.state() === 'gone') return
    if (member.artifact !== artifact) return member.instance.kill()
    member.idle = setTimeout(() => member.instance.kill(), options.idleMs).unref()
  }

  return {
    async invoke(event, { requestId = newRequestId(), retryCount = 0 } = {}) {
      const member = take()
      if (member === undefined) return { kind: 'throttled', requestId }
      const credentials = issue(member.instance.id)
      const request = {
        ...toModule(member.artifact, definition),
        event: event.toString('base64'),
        context: toContext(definition, spine, { requestId, retryCount, credentials }),
      }
      const begun = performance.now()
      const result = await member.instance.run(request, (definition.timeout * 1000) / options.timeScale)
      options.onInvocation(performance.now() - begun)
      release(member)
      if (result.kind === 'error') return { kind: 'failed', requestId, error: result.error }
      return { kind: 'answered', requestId, body: result.body }
    },
    instances: () =>
      members.map(({ instance, busy }) => ({ id: instance.id, pid: instance.pid, state: instance.state(), busy })),
    find: (id) => members.find(({ instance }) => instance.id === id)?.instance,
    deploy(fresh, variables = {}) {
      artifact = fresh
      environment = { ...environment, ...variables }
      for (const { busy, instance } of members) if (!busy) instance.kill()
    },
    async close() {
      closed = true
      for (const { idle, instance } of members) {
        clearTimeout(idle)
        instance.kill()
      }
      await Promise.all(members.map(async ({ instance }) => await instance.ended))
    },
  }
}

/** `gate.handler` is the export `handler` of `gate.mjs`. */
function toModule(artifact: string, definition: FunctionDefinition) {
  const [module = '', handler = ''] = definition.handler.split('.')
  const initializer = definition.initializer?.split('.')[1]
  return { file: join(artifact, `${module}.mjs`), handler, initializer }
}
