// Attacks that need real sockets, the built artifact, or a deployment that changes while they go on.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deploy, type Deployment } from '#support/deployment.ts'
import { anInstance, askFor, callsFor } from '#support/play.ts'

const READS = new Set(['GetRange', 'GetRow', 'DescribeInstances'])

let gate: Deployment
beforeAll(async () => {
  const instances = ['scanned', 'removed'].map((name) => anInstance(`i-bp1${name}`))
  gate = await deploy({ instances, timers: false, timeScale: 1 })
})
afterAll(async () => gate.close())

/** What was done to the cloud since the mark, besides looking. */
function deedsSince(mark: number): readonly string[] {
  const operations = gate.cloud.spine.operations.since(mark).map(({ operation }) => operation)
  return operations.filter((operation) => !READS.has(operation))
}

describe('attack: link scanners', () => {
  test(
    'GET, HEAD and OPTIONS on every address: nothing changes, and nothing is used up',
    { timeout: 60_000 },
    async () => {
      const { id } = await askFor(gate, 'i-bp1scanned')
      await gate.functions.idle()
      const evidence = await gate.sign('bob', 'approve', id)
      const { body } = await gate.call<{ paths: object }>('GET', '/openapi.json')
      const paths = [...Object.keys(body.paths), '/r/{id}', '/enrol', '/'].map((path) =>
        path.replace('{id}', id).replace('{caller}', 'deploy-bot'),
      )
      const query = new URLSearchParams({ decision: 'approve', evidence: JSON.stringify(evidence) }).toString()
      const mark = gate.cloud.spine.operations.mark()
      for (const path of paths) {
        const links = ['GET', 'HEAD', 'OPTIONS'].flatMap((method) =>
          Array.from({ length: 4 }, async (_, n) =>
            fetch(`${gate.url}${path}?${n % 2 === 0 ? query : ''}`, { method }),
          ),
        )
        for (const { status } of await Promise.all(links)) expect(status).toBeLessThan(500)
      }
      expect(paths.length).toBeGreaterThan(10)
      await gate.functions.idle()
      expect(deedsSince(mark)).toEqual([])
      expect((await gate.decide(id, 'approve', evidence)).status).toBe(200)
      await gate.functions.idle()
      expect(callsFor(gate, 'i-bp1scanned')).toBe(1)
    },
  )
})

describe('attack: forged calls over a raw connection', () => {
  /** Headers as they are given, one by one; the body in pieces, and no word of its length. */
  async function send(path: string, headers: readonly string[], pieces: readonly string[]): Promise<number> {
    return new Promise((resolve, reject) => {
      const call = request(`${gate.url}${path}`, { method: 'POST' })
      for (let at = 0; at + 1 < headers.length; at += 2) call.appendHeader(headers[at] ?? '', headers[at + 1] ?? '')
      call.on('response', (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      call.on('error', reject)
      for (const piece of pieces) call.write(piece)
      call.end()
    })
  }

  test.each<readonly [string, string, readonly string[], readonly string[], number]>([
    [
      'a body without a length that does not end',
      '/v1/webhooks/deploy-bot',
      [],
      Array<string>(9).fill('x'.repeat(8192)),
      413,
    ],
    [
      'two signatures of nobody',
      '/v1/start-requests',
      ['authorization', 'Bearer a', 'authorization', 'Bearer b'],
      ['{}'],
      401,
    ],
    ['a call id of its own', '/v1/start-requests', ['x-fc-request-id', '{"level":"info"}'], ['{}'], 401],
    [
      'a credential of the platform',
      '/v1/start-requests',
      ['x-fc-security-token', 'a', 'x-fc-access-key-id', 'b'],
      ['{}'],
      401,
    ],
    ['a timer of the platform', '/', ['x-fc-control-path', '/timer'], ['{"triggerName":"tell"}'], 405],
  ])('%s', async (_what, path, headers, pieces, status) => {
    const mark = gate.cloud.spine.operations.mark()
    expect(await send(path, headers, pieces)).toBe(status)
    await gate.functions.idle()
    expect(deedsSince(mark)).toEqual([])
  })
})

describe('attack: approver removed between sign and use', () => {
  test('bob approves what is not stopped yet, and is gone once it is', async () => {
    const { instances } = gate.cloud.ecs
    const { id, instanceId } = await askFor(gate, 'i-bp1removed')
    instances.change(instanceId, { status: 'Stopping' })
    expect((await gate.approve(id)).status).toBe(200)
    await gate.functions.idle()
    await gate.redeploy((document) => ({
      ...document,
      people: { ...(document['people'] as object), bob: { keys: [] } },
    }))
    instances.change(instanceId, { status: 'Stopped' })
    for (let times = 0; times < 3; times += 1) await gate.functions.invoke('starter', { hint: id })
    expect(callsFor(gate, instanceId)).toBe(0)
    await gate.redeploy((document) => document)
    await gate.functions.invoke('starter', { hint: id })
    expect(callsFor(gate, instanceId)).toBe(1)
  })
})
