// What an ECS operation is to the server: it reads its parameters first, and is carried out only once it is allowed.

import type { Credentials } from '#infra/local/spine.ts'
import { commonError } from './common-errors.ts'
import type { EcsRefusal } from './errors.ts'
import type { InstanceStore, LocalInstance } from './instances.ts'

export interface OperationContext {
  readonly params: ReadonlyMap<string, string>
  readonly instances: InstanceStore
  /** The region of the endpoint that was called; undefined: it serves all. */
  readonly region: string | undefined
  readonly accountId: string
  readonly credentials: Credentials
  readonly requestId: string
  readonly now: () => number
  /** Whether RAM lets the caller do `action` to this instance. */
  readonly allows: (action: string, instance: LocalInstance) => boolean
}

/** Parameters in order; nothing is carried out yet. */
interface PreparedOperation {
  readonly subject: string
  readonly action: string
  readonly resource: string
  /** The instance whose tags RAM looks at. Undefined: RAM does not refuse the call (a list is empty, an id unknown). */
  readonly restrictedTo: LocalInstance | undefined
  readonly carryOut: () => EcsResult
}

/** The members of the answer's body next to RequestId, or the refusal. */
export type EcsResult = { readonly body: Readonly<Record<string, unknown>> } | { readonly refusal: EcsRefusal }

export type Preparation = PreparedOperation | { readonly refusal: EcsRefusal }
export type EcsOperation = (context: OperationContext) => Preparation

/** There is no RegionId in these calls: to the endpoint of another region the instance does not exist. */
export function findHere({ instances, region }: OperationContext, id: string): LocalInstance | undefined {
  const instance = instances.find(id)
  return region === undefined || instance?.definition.region === region ? instance : undefined
}

export function instanceResource(accountId: string, instance: LocalInstance): string {
  return `acs:ecs:${instance.definition.region}:${accountId}:instance/${instance.definition.id}`
}

/** A parameter that nothing here looks at would be a filter or a wish that silently does not hold. */
export function unsupportedParameter(
  params: ReadonlyMap<string, string>,
  supported: readonly string[],
): EcsRefusal | undefined {
  const unknown = [...params.keys()].find((name) => !supported.includes(name))
  return unknown === undefined
    ? undefined
    : commonError('InvalidParameter', `The local cloud does not support the parameter "${unknown}".`)
}

export function missingParameter(name: string): EcsRefusal {
  return commonError(
    'MissingParameter',
    `The input parameter "${name}" that is mandatory for processing this request is not supplied.`,
  )
}

export function invalidParameter(name: string): EcsRefusal {
  return commonError('InvalidParameter', `The specified parameter "${name}" is not valid.`)
}

/** Undefined: neither `true` nor `false`. */
export function toBoolean(value: string | undefined): boolean | undefined {
  if (value === undefined || value === 'false') return false
  return value === 'true' ? true : undefined
}
