// A local ECS on a socket of its own, for one test file, with a clock that tests move.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { type LocalSpine, type SpineOptions, createSpine } from '#infra/local/create-spine.ts'
import { type Ecs, createEcs } from '#infra/local/ecs/server.ts'
import type { Credentials } from '#infra/local/spine.ts'
import { type EcsClient, createEcsClient } from '#support/ecs-sdk.ts'

export interface LocalEcs {
  /** `127.0.0.1:PORT`. */
  readonly endpoint: string
  readonly spine: LocalSpine
  readonly ecs: Ecs
  readonly operator: EcsClient
  readonly starter: EcsClient
  readonly gate: EcsClient
  clientFor(credentials: Credentials, timeoutMs?: number): EcsClient
  /** A client of the endpoint of another region. */
  clientIn(region: string): Promise<EcsClient>
}

const DAY_MS = 24 * 60 * 60 * 1000

/** Listens until the test file is done. The SDK signs with the real clock, so tests move the cloud's own by minutes. */
export async function startEcs(options: SpineOptions = {}): Promise<LocalEcs> {
  const spine = createSpine(options)
  const ecs = createEcs({ spine })
  const endpoint = await listen(ecs.handler)
  const clientFor = (credentials: Credentials, timeoutMs?: number) => createEcsClient(endpoint, credentials, timeoutMs)
  const clientOf = (role: string) => clientFor(spine.credentials.issue(role, { ttlMs: DAY_MS }))
  return {
    endpoint,
    spine,
    ecs,
    operator: clientFor(spine.credentials.operator),
    starter: clientOf('starter'),
    gate: clientOf('gate'),
    clientFor,
    clientIn: async (region) => createEcsClient(await listen(ecs.handlerFor(region)), spine.credentials.operator),
  }
}

async function listen(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
