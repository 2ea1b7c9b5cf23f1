// The local invocation API without any function behind it: it only notes what arrives.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { createSpine, LOCAL_NAMES, type LocalSpine } from '#infra/local/create-spine.ts'
import { createInvocationApi } from '#infra/local/fc/invocation-api.ts'

export interface LocalFc {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string
  readonly spine: LocalSpine
  /** Events by the deployed name of the function. */
  readonly arrived: { readonly name: string; readonly event: string }[]
}

/** Listens until the test file is done. */
export async function startFc(): Promise<LocalFc> {
  const spine = createSpine()
  const arrived: LocalFc['arrived'] = []
  const handler = createInvocationApi(spine, (name) =>
    [LOCAL_NAMES.gate, LOCAL_NAMES.starter].includes(name)
      ? {
          push: (event) => void arrived.push({ name, event: event.toString() }),
          invoke: () => Promise.reject(new Error('a hint does not wait for the function')),
        }
      : undefined,
  )
  const server = http.createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spine, arrived }
}
