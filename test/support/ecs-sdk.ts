// The official ECS SDK against a local endpoint, unmodified.

import { createRequire } from 'node:module'
import type ecs from '@alicloud/ecs20140526'
import { $OpenApiUtil } from '@alicloud/openapi-core'
import type { Credentials } from '#infra/local/spine.ts'

type Sdk = typeof ecs
export type EcsClient = InstanceType<Sdk['default']>

/** Loaded as CommonJS: imported, its `default` is the client in some loaders and the whole namespace in Node's own. */
export const sdk: Sdk = createRequire(import.meta.url)('@alicloud/ecs20140526')

/** `endpoint` is `127.0.0.1:PORT`. Both timeouts count: the SDK takes the shorter one as the socket's idle time. */
export function createEcsClient(endpoint: string, credentials: Credentials, timeoutMs = 5000): EcsClient {
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  return new sdk.default(
    new $OpenApiUtil.Config({
      accessKeyId,
      accessKeySecret,
      ...(securityToken === undefined ? {} : { securityToken }),
      endpoint,
      protocol: 'http',
      readTimeout: timeoutMs,
      connectTimeout: timeoutMs,
      globalParameters: new $OpenApiUtil.GlobalParameters({ headers: { connection: 'close' } }),
    }),
  )
}

/** What the SDK throws, as far as tests look at it. */
export interface SdkError {
  readonly name: string
  readonly code?: string
  readonly statusCode?: number
  readonly message: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly accessDeniedDetail?: Readonly<Record<string, unknown>>
  readonly retryAfter?: number
}

/** Settles with what the call throws; throws when the call succeeds. */
export async function thrownBy(call: Promise<unknown>): Promise<SdkError> {
  try {
    await call
  } catch (error) {
    return error as SdkError
  }
  throw new Error('the call succeeded')
}
