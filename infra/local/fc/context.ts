// What the platform tells a function about itself: the context of a request, and the environment of an instance.

import { randomBytes } from 'node:crypto'
import type { Credentials } from '#infra/local/spine.ts'
import type { FunctionDefinition } from './definition.ts'

export interface Place {
  readonly accountId: string
  readonly region: string
}

export function newRequestId(): string {
  const hex = randomBytes(14).toString('hex')
  return `1-${hex.slice(0, 8)}-${hex.slice(8, 16)}-${hex.slice(16)}`
}

/** The handler's second argument as JSON data; the runtime adds `logger`. */
export function toContext(
  definition: FunctionDefinition,
  place: Place,
  request: { readonly requestId: string; readonly retryCount: number; readonly credentials: Credentials },
) {
  return {
    requestId: request.requestId,
    credentials: toTemporaryKey(request.credentials),
    function: {
      name: definition.functionName,
      handler: definition.handler,
      memory: definition.memorySize,
      timeout: definition.timeout,
      ...(definition.initializer !== undefined && { initializer: definition.initializer }),
    },
    service: { name: '', logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
    region: place.region,
    accountId: place.accountId,
    tracing: { spanContext: '', jaegerEndpoint: '', spanBaggages: {} },
    retryCount: request.retryCount,
  }
}

/** All that the process gets: the platform's own variables win over configured ones. */
export function toEnvironment(
  definition: FunctionDefinition,
  place: Place,
  instance: { readonly id: string; readonly codePath: string; readonly credentials: Credentials },
  configured: Readonly<Record<string, string>>,
): Record<string, string> {
  const key = toTemporaryKey(instance.credentials)
  return {
    ...configured,
    PATH: process.env['PATH'] ?? '',
    TZ: 'UTC',
    ALIBABA_CLOUD_ACCESS_KEY_ID: key.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: key.securityToken,
    FC_ACCOUNT_ID: place.accountId,
    FC_REGION: place.region,
    FC_FUNCTION_NAME: definition.functionName,
    FC_FUNCTION_HANDLER: definition.handler,
    FC_FUNCTION_MEMORY_SIZE: String(definition.memorySize),
    FC_FUNC_CODE_PATH: instance.codePath,
    FC_INSTANCE_ID: instance.id,
    FC_VER_ID: 'LATEST',
  }
}

function toTemporaryKey({ accessKeyId, accessKeySecret, securityToken = '' }: Credentials) {
  return { accessKeyId, accessKeySecret, securityToken }
}
