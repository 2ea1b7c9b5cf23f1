// The local ECS: authenticates, asks RAM, obeys the fault plan, and answers as the real API does.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { LocalSpine } from '#infra/local/create-spine.ts'
import { obey, record, send } from '#infra/local/obey.ts'
import type { CloudCall, Credentials } from '#infra/local/spine.ts'
import { accessDenied } from './access-denied.ts'
import { createAuthenticator } from './authenticate.ts'
import { commonError } from './common-errors.ts'
import { prepareDescribeInstances } from './describe-instances.ts'
import type { EcsRefusal } from './errors.ts'
import { type InstanceStore, createInstances } from './instances.ts'
import { type EcsOperation, type OperationContext, instanceResource } from './operation.ts'
import { readRequest } from './read-request.ts'
import { createReply } from './reply.ts'
import { prepareStartInstance } from './start-instance.ts'
import { prepareStopInstance } from './stop-instance.ts'

export interface Ecs {
  readonly instances: InstanceStore
  /** The endpoint that `regionOf` tells the region of. */
  readonly handler: RequestListener
  /** The endpoint of one region, over the same instances. */
  handlerFor(region: string): RequestListener
}

export interface EcsOptions {
  readonly spine: LocalSpine
  /**
   * The region of an endpoint by its host name, without the port; undefined: all of them. StartInstance finds only
   * instances of its endpoint's region. Default: the region that the host names, as in `ecs.cn-shanghai.aliyuncs.com`,
   * or else the spine's.
   */
  readonly regionOf?: (host: string) => string | undefined
}

const VERSION = '2014-05-26'
const OPERATIONS: ReadonlyMap<string, EcsOperation> = new Map([
  ['StartInstance', prepareStartInstance],
  ['StopInstance', prepareStopInstance],
  ['DescribeInstances', prepareDescribeInstances],
])

export function createEcs({ spine, regionOf = (host) => regionInHost(host) ?? spine.region }: EcsOptions): Ecs {
  const instances = createInstances(() => spine.now())
  const authenticate = createAuthenticator(spine)

  const serve = async (place: RegionOf, incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = spine.now()
    const requestId = randomUUID().toUpperCase()
    const reply = createReply(incoming.headers.host ?? '', requestId)
    const refuse = (refusal: EcsRefusal, line: { role: string; operation: string; subject: string }) => {
      const answer = reply.refuse(refusal)
      record(spine, { service: 'ecs', ...line }, { at, answer })
      send(response, answer)
    }

    const request = await readRequest(incoming)
    const unknown = { role: 'unknown', operation: '?', subject: 'not authenticated' }
    if ('refusal' in request) return refuse(request.refusal, unknown)
    const authentication = authenticate(request)
    if ('refusal' in authentication) return refuse(authentication.refusal, unknown)

    const { credentials } = authentication
    const operation = request.headers.get('x-acs-action') ?? ''
    const prepare = request.headers.get('x-acs-version') === VERSION ? OPERATIONS.get(operation) : undefined
    const caller = { role: credentials.role ?? 'operator', operation, subject: '' }
    if (prepare === undefined) return refuse(commonError('InvalidAction.NotFound'), caller)

    const region = place((incoming.headers.host ?? '').replace(/:\d+$/, ''))
    const prepared = prepare(createContext({ spine, instances, region, credentials, requestId, params: request.query }))
    if ('refusal' in prepared) return refuse(prepared.refusal, caller)

    const { action, resource, subject, restrictedTo, carryOut } = prepared
    const resourceTags = restrictedTo?.definition.tags ?? {}
    const call: CloudCall = { service: 'ecs', operation, credentials, action, resource, resourceTags, subject }
    const decision = restrictedTo === undefined ? 'allowed' : spine.decide(call)
    if (decision !== 'allowed') return refuse(accessDenied(call, decision, spine.accountId), { ...caller, subject })

    await obey(spine, call, {
      at,
      response,
      apply: () => {
        const result = carryOut()
        return 'refusal' in result ? reply.refuse(result.refusal) : reply.accept(result.body)
      },
      refuse: (status, code, message) => reply.refuse({ status, code, message }),
    })
  }

  const handlerOf = (place: RegionOf): RequestListener => {
    return (incoming, response) => {
      serve(place, incoming, response).catch((error: unknown) => {
        // A caller that went away in the middle of its request is none of our faults.
        if (incoming.complete) console.error('the local ECS has a fault:', error)
        response.destroy()
      })
    }
  }
  return { instances, handler: handlerOf(regionOf), handlerFor: (region) => handlerOf(() => region) }
}

type RegionOf = NonNullable<EcsOptions['regionOf']>

function regionInHost(host: string): string | undefined {
  return host.split('.').find((label) => /^[a-z]{2}-[a-z]+(-\d+)?$/.test(label))
}

function createContext(parts: {
  readonly spine: LocalSpine
  readonly instances: InstanceStore
  readonly region: string | undefined
  readonly credentials: Credentials
  readonly requestId: string
  readonly params: ReadonlyMap<string, string>
}): OperationContext {
  const { spine, credentials } = parts
  return {
    ...parts,
    accountId: spine.accountId,
    now: () => spine.now(),
    allows: (action, instance) =>
      credentials.role === undefined ||
      spine.ram.decide(credentials.role, {
        action,
        resource: instanceResource(spine.accountId, instance),
        resourceTags: instance.definition.tags,
      }) === 'allowed',
  }
}
