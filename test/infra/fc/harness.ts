// A local Function Compute around the probe, its servers, and a way to wait for what a function prints.

import { type RequestListener, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type LocalSpine, createSpine } from '#infra/local/create-spine.ts'
import type { FunctionDefinition, Outcome } from '#infra/local/fc/definition.ts'
import { type FunctionCompute, createFunctionCompute } from '#infra/local/fc/function-compute.ts'
import type { FunctionComputeOptions } from '#infra/local/fc/local-function.ts'
import { onTestFinished } from 'vitest'

const FIXTURES = fileURLToPath(new URL('../../fixtures/fc', import.meta.url))

const PROBE: FunctionDefinition = {
  functionName: 'startgate-gate',
  handler: 'probe.handler',
  memorySize: 512,
  timeout: 3000,
  reservedConcurrency: 3,
  maxAsyncRetryAttempts: 2,
  maxAsyncEventAgeInSeconds: 3600,
  httpMethods: ['GET', 'POST'],
  timers: [],
}

export interface Harness {
  readonly compute: FunctionCompute
  readonly spine: LocalSpine
  /** Settles when the function has printed, or has printed before, a line that contains `text`. */
  readonly printed: (text: string) => Promise<void>
}

/** The functions `gate` and `starter`, both of them the probe; all is closed when the test ends. */
export function createHarness(
  changes: Partial<FunctionDefinition> = {},
  options: Partial<FunctionComputeOptions> = {},
): Harness {
  const spine = createSpine()
  const lines: string[] = []
  const watchers = new Set<() => void>()
  const compute = createFunctionCompute({
    spine,
    definitions: {
      gate: { ...PROBE, ...changes },
      starter: { ...PROBE, functionName: 'startgate-starter', httpMethods: undefined, ...changes },
    },
    artifact: { gate: FIXTURES, starter: FIXTURES },
    timeScale: 100,
    timers: false,
    onLog: (_, { text }) => {
      lines.push(text)
      for (const watch of watchers) watch()
    },
    ...options,
  })
  onTestFinished(async () => await compute.close())
  return {
    compute,
    spine,
    printed: (text) =>
      new Promise((resolve) => {
        const watch = () => {
          if (!lines.some((line) => line.includes(text))) return
          watchers.delete(watch)
          resolve()
        }
        watchers.add(watch)
        watch()
      }),
  }
}

/** The answer of an outcome as text; fails when it is not an answer. */
export function textOf(outcome: Outcome): string {
  if (outcome.kind !== 'answered') throw new Error(`not answered: ${JSON.stringify(outcome)}`)
  return outcome.body.toString('utf8')
}

/** A server on loopback that is closed when the test ends; settles with its origin. */
export async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server that keeps every request waiting until told to go on. */
export async function createDoor() {
  const waiting: (() => void)[] = []
  const arrivals: (() => void)[] = []
  const url = await serve((_, response) => {
    waiting.push(() => response.end('open'))
    arrivals.shift()?.()
  })
  return {
    url,
    waiting: () => waiting.length,
    /** Settles with the next request that comes. */
    arrival: async () => await new Promise<void>((resolve) => arrivals.push(resolve)),
    open: () => {
      for (const go of waiting.splice(0)) go()
    },
  }
}
