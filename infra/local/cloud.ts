// The local cloud: one spine, and each service on a loopback port of its own.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { createControl } from './control.ts'
import { createTables } from './create-tables.ts'
import { type LocalSpine, type SpineOptions, createSpine } from './create-spine.ts'
import type { InstanceInput } from './ecs/instance-definition.ts'
import { type Ecs, type EcsOptions, createEcs } from './ecs/server.ts'
import type { FunctionCompute } from './fc/function-compute.ts'
import { type Tablestore, createTablestore } from './tablestore/server.ts'

/** Whole URLs, `http://127.0.0.1:PORT`. */
export interface Endpoints {
  readonly ots: string
  /** By region. */
  readonly ecs: Readonly<Record<string, string>>
  readonly fc: string
  /** HTTP triggers by function: `gate`. */
  readonly http: Readonly<Record<string, string>>
  readonly control: string
}

/** The part of Function Compute that is mounted. */
export type MountedFunctions = Pick<FunctionCompute, 'apiHandler' | 'httpHandler' | 'kill' | 'freeze' | 'close'>

export interface LocalCloudOptions<F extends MountedFunctions = MountedFunctions> extends SpineOptions {
  /** Default: free ones. */
  readonly ports?: {
    readonly ots?: number
    readonly ecs?: number
    readonly fc?: number
    readonly http?: number
    readonly control?: number
  }
  /** Further regions with ECS endpoints; the spine's own has one anyway. */
  readonly regions?: readonly string[]
  /** See `createEcs`; `() => undefined`: the endpoint of the spine's region serves the instances of all. */
  readonly regionOf?: EcsOptions['regionOf']
  /** Whether the tables of `infra/tables.json` are there from the start; default true. */
  readonly tables?: boolean
  /** See `createTablestore`. */
  readonly pageRows?: number
  readonly instances?: readonly InstanceInput[]
  /** Makes the Function Compute, once it is known where everything listens. Default: none, and its endpoints answer 503. */
  readonly functions?: (place: { readonly spine: LocalSpine; readonly endpoints: Endpoints }) => F | Promise<F>
  /** Functions that have an HTTP trigger. Default: `gate`. */
  readonly httpFunctions?: readonly string[]
}

export interface LocalCloud<F extends MountedFunctions = MountedFunctions> {
  readonly spine: LocalSpine
  readonly tablestore: Tablestore
  readonly ecs: Ecs
  readonly functions: F | undefined
  readonly endpoints: Endpoints
  /** Ends the connections to the services that wait for another call, as a service does after a while. */
  closeIdle(): void
  /** Cuts open connections off. */
  close(): Promise<void>
}

export async function createLocalCloud<F extends MountedFunctions = MountedFunctions>(
  options: LocalCloudOptions<F> = {},
): Promise<LocalCloud<F>> {
  const spine = createSpine(options)
  const { instance } = spine.names
  const tablestore = createTablestore({
    spine,
    instance,
    ...(options.pageRows !== undefined && { pageRows: options.pageRows }),
  })
  const ecs = createEcs({ spine, ...(options.regionOf !== undefined && { regionOf: options.regionOf }) })
  for (const input of options.instances ?? []) ecs.instances.add(input)

  let functions: F | undefined
  const services: http.Server[] = []
  const triggers: http.Server[] = []
  const serve = async (handler: http.RequestListener, port = 0, group = services) => {
    const server = http.createServer(handler)
    group.push(server)
    return await listen(server, port)
  }
  const close = async () => {
    await functions?.close()
    await Promise.all([...services, ...triggers].map(closeServer))
  }

  try {
    const { ports = {}, regions = [], httpFunctions = ['gate'] } = options
    const ecsEndpoints: Record<string, string> = { [spine.region]: await serve(ecs.handler, ports.ecs) }
    for (const region of regions) ecsEndpoints[region] ??= await serve(ecs.handlerFor(region))
    const httpEndpoints: Record<string, string> = {}
    for (const [index, fn] of httpFunctions.entries()) {
      const handler: http.RequestListener = (request, response) =>
        functions === undefined ? notMounted(response) : functions.httpHandler(fn)(request, response)
      httpEndpoints[fn] = await serve(handler, index === 0 ? ports.http : 0, triggers)
    }
    const endpoints: Endpoints = {
      ots: await serve(tablestore.handler, ports.ots),
      ecs: ecsEndpoints,
      fc: await serve(
        (request, response) =>
          functions === undefined ? notMounted(response) : functions.apiHandler(request, response),
        ports.fc,
      ),
      http: httpEndpoints,
      control: await serve(createControl({ spine, instances: ecs.instances }), ports.control),
    }
    if (options.tables ?? true) {
      await createTables({ endpoint: endpoints.ots, instance, credentials: spine.credentials.operator })
    }
    functions = await options.functions?.({ spine, endpoints })
    if (functions !== undefined) {
      const { kill, freeze } = functions
      spine.attachFunctions({ crash: kill, freeze })
    }
    const closeIdle = () => {
      for (const server of services) server.closeIdleConnections()
    }
    return { spine, tablestore, ecs, functions, endpoints, closeIdle, close }
  } catch (error) {
    await close()
    throw error
  }
}

function notMounted(response: http.ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain' }).end('no Function Compute is mounted\n')
}

async function listen(server: http.Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // Of a listening TCP server the address is an object.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function closeServer(server: http.Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
