// The routes of the control API: what each path can do.

import type { LocalSpine } from './create-spine.ts'
import { clockOffset, faultRule, mark, stopInstance } from './control-schemas.ts'
import { instanceChange, instanceDefinition, startError } from './ecs/instance-definition.ts'
import { InstanceError, type InstanceStore } from './ecs/instances.ts'

export interface ControlledCloud {
  readonly spine: LocalSpine
  readonly instances: InstanceStore
}

interface ControlRequest {
  /** The part of the path that names one thing; empty when there is none. */
  readonly id: string
  readonly query: URLSearchParams
  /** Undefined: the request has no body. */
  readonly body: unknown
}

type Handle = (cloud: ControlledCloud, request: ControlRequest) => { readonly status: number; readonly body: unknown }
type Methods = Readonly<Record<string, Handle>>

/** `params` is the id in the path. */
export function findRoute(path: string): { readonly methods: Methods; readonly params: string } | undefined {
  for (const [pattern, methods] of ROUTES) {
    const match = pattern.exec(path)
    if (match !== null) return { methods, params: match[1] ?? '' }
  }
  return undefined
}

const ok = (body: unknown) => ({ status: 200, body })
const created = (body: unknown) => ({ status: 201, body })
const since = (query: URLSearchParams) => mark.parse(query.get('since') ?? undefined)

const ROUTES: readonly (readonly [RegExp, Methods])[] = [
  [
    /^\/faults$/,
    {
      GET: ({ spine }) => ok(spine.faults.list()),
      POST: ({ spine }, { body }) => created({ id: spine.faults.add(faultRule.parse(body)) }),
      DELETE: ({ spine }) => ok({ removed: spine.faults.clear() }),
    },
  ],
  [/^\/faults\/([\w-]+)$/, { DELETE: ({ spine }, { id }) => ok({ removed: spine.faults.clear(id) }) }],
  [
    /^\/operations$/,
    {
      GET: ({ spine: { operations } }, { query }) =>
        ok({ mark: operations.mark(), operations: operations.since(since(query)) }),
    },
  ],
  [
    /^\/operations\/counts$/,
    {
      GET: ({ spine: { operations } }, { query }) =>
        ok({ mark: operations.mark(), counts: operations.counts(since(query)) }),
    },
  ],
  [
    /^\/instances$/,
    {
      GET: ({ instances }) => ok(instances.list()),
      POST: ({ instances }, { body }) => created(instances.add(instanceDefinition.parse(body))),
    },
  ],
  [
    /^\/instances\/([\w-]+)$/,
    {
      GET: ({ instances }, { id }) => {
        const instance = instances.find(id)
        if (instance === undefined) throw new InstanceError('unknown', id)
        return ok(instance)
      },
      PATCH: ({ instances }, { id, body }) => ok(instances.change(id, instanceChange.parse(body))),
      DELETE: ({ instances }, { id }) => {
        instances.remove(id)
        return ok({ removed: 1 })
      },
    },
  ],
  [
    /^\/instances\/([\w-]+)\/stop$/,
    {
      POST: ({ instances }, { id, body }) => {
        instances.stop(id, stopInstance.parse(body ?? {}).stoppedMode)
        return ok(instances.find(id))
      },
    },
  ],
  [
    /^\/instances\/([\w-]+)\/errors$/,
    {
      POST: ({ instances }, { id, body }) => {
        instances.planStartError(id, startError.parse(body))
        return created(instances.find(id))
      },
      DELETE: ({ instances }, { id }) => {
        instances.clearStartErrors(id)
        return ok(instances.find(id))
      },
    },
  ],
  [/^\/starts$/, { GET: ({ instances }, { query }) => ok(instances.starts(query.get('instance') ?? undefined)) }],
  [
    /^\/clock$/,
    {
      GET: ({ spine }) => ok({ now: spine.now(), offsetMs: spine.clock.offsetMs() }),
      POST: ({ spine }, { body }) => {
        spine.clock.setOffset(clockOffset.parse(body).offsetMs)
        return ok({ now: spine.now(), offsetMs: spine.clock.offsetMs() })
      },
    },
  ],
]
