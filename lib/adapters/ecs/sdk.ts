// The official SDK, loaded when it is first needed: it takes longer to load than the rest of a function.
import type { Durations } from '#core/durations.ts'

export interface EcsOptions {
  /** `ecs-vpc.<region>.aliyuncs.com`, with `<region>` or `{region}` for the region asked. On loopback `127.0.0.1:PORT`. */
  readonly endpoint: string
  /** Asked at every call: the platform hands out fresh ones with each invocation. */
  readonly credentials: () => {
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken?: string | undefined
  }
  readonly durations: Durations
}

/** The part of the SDK that is called here. */
export interface EcsClient {
  startInstance(request: object): Promise<{ readonly statusCode?: unknown; readonly body?: Fields }>
  describeInstances(
    request: object,
  ): Promise<{ readonly body?: { readonly instances?: { readonly instance?: readonly Fields[] } } }>
}
export type Fields = Readonly<Record<string, unknown>>

interface Sdk {
  readonly Client: new (config: object) => EcsClient
  readonly StartInstanceRequest: new (fields: object) => object
  readonly DescribeInstancesRequest: new (fields: object) => object
  readonly Config: new (fields: object) => object
  readonly GlobalParameters: new (fields: object) => object
}

export interface CallOptions {
  readonly regionId: string
  /** Connect and read timeout, ms. */
  readonly timeout: number
  readonly userAgent: string
}

/** A new client per call: it costs microseconds, and no credentials outlive their invocation. */
export function createClient(sdk: Sdk, options: EcsOptions, { regionId, timeout, userAgent }: CallOptions): EcsClient {
  const { accessKeyId, accessKeySecret, securityToken } = options.credentials()
  // The SDK would choose an endpoint by region that lies outside the VPC for some.
  const endpoint = options.endpoint.replaceAll(/<region>|\{region\}/g, regionId)
  const config = new sdk.Config({
    accessKeyId,
    accessKeySecret,
    ...(securityToken === undefined ? {} : { securityToken }),
    regionId,
    endpoint,
    protocol: isLoopback(endpoint) ? 'http' : 'https',
    // Equal: the SDK takes the connect timeout for the socket's idle time.
    connectTimeout: timeout,
    readTimeout: timeout,
    userAgent,
    // A kept socket may be dead after a freeze, and carries the timers of the call before. Its own switch does nothing.
    globalParameters: new sdk.GlobalParameters({ headers: { connection: 'close' } }),
  })
  return new sdk.Client(config)
}

export async function loadSdk(): Promise<Sdk> {
  const [ecs, core] = await Promise.all([import('@alicloud/ecs20140526'), import('@alicloud/openapi-core')])
  const models = findPart(ecs, 'StartInstanceRequest')
  const { Config, GlobalParameters } = findPart(core, '$OpenApiUtil')['$OpenApiUtil'] as Sdk
  const { StartInstanceRequest, DescribeInstancesRequest } = models as Pick<
    Sdk,
    'StartInstanceRequest' | 'DescribeInstancesRequest'
  >
  const Client = layersOf(ecs).find((layer) => typeof layer === 'function') as Sdk['Client'] | undefined
  if (Client === undefined) throw new TypeError('the ECS SDK has no client where it is looked for')
  return { Client, StartInstanceRequest, DescribeInstancesRequest, Config, GlobalParameters }
}

/** A CommonJS package is its own default export, or the default of that, depending on who loads it. */
function layersOf(module: object): readonly object[] {
  const layers: object[] = [module]
  for (let depth = 0; depth < 2; depth += 1) {
    const inner: unknown = Reflect.get(layers.at(-1) ?? module, 'default')
    if ((typeof inner === 'object' && inner !== null) || typeof inner === 'function') layers.push(inner)
  }
  return layers
}

function findPart(module: object, name: string): Fields {
  const found = layersOf(module).find((layer) => name in layer)
  if (found === undefined) throw new TypeError(`the ECS SDK has no ${name} where it is looked for`)
  return found as Fields
}

function isLoopback(endpoint: string): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(endpoint)
}
