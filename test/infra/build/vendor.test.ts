import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleLoader } from '#infra/build/bundle.ts'
import { pruneMethods, pruneModels } from '#infra/build/prune-ecs.ts'
import { pruneMessages, withoutProgress } from '#infra/build/prune-tablestore.ts'
import { OPERATIONS, vendor } from '#infra/build/vendor.ts'

const require = createRequire(import.meta.url)
const script = fileURLToPath(new URL('../../fixtures/build/call-sdks.mjs', import.meta.url))
let artifact = ''

beforeAll(async () => {
  artifact = await mkdtemp(join(tmpdir(), 'startgate-vendor-'))
  await bundleLoader(artifact)
  await vendor(artifact)
  await copyFile(script, join(artifact, 'call-sdks.mjs'))
})

afterAll(async () => await rm(artifact, { recursive: true, force: true }))

describe('the vendored SDKs', () => {
  it('send the same requests and make the same of the answers as the whole ones', async () => {
    const whole = await run(script)
    const vendored = await run(join(artifact, 'call-sdks.mjs'))

    expect(whole.results).toContainEqual(['describe', expect.objectContaining({ tableMeta: expect.anything() })])
    expect(vendored.results).toEqual(whole.results)
    expect(vendored.requests).toEqual(whole.requests)
    expect(whole.results.map(([name]) => name)).toHaveLength(24)
    for (const kind of ['ES256', 'EdDSA', 'RS256']) {
      expect(whole.results).toContainEqual([`passkey ${kind}`, true])
      expect(whole.results).toContainEqual([`forged ${kind}`, false])
    }
  })

  it.each([
    ['@simplewebauthn/server', true],
    ['@alicloud/tablestore', false],
    ['@alicloud/ecs20140526', false],
    ['@alicloud/fc2', false],
  ])('are strict where they were: %s', async (name, strict) => {
    const code = await readFile(join(artifact, 'node_modules', name, 'sdk.js'), 'utf8')

    expect(/^\(function \(require, module, exports\) \{\s*["']use strict["'];/.test(code)).toBe(strict)
  })

  it('are a fraction of the size', async () => {
    const kib = async (name: string) => (await stat(join(artifact, 'node_modules', name, 'sdk.js'))).size / 1024

    expect(await kib('@alicloud/tablestore')).toBeLessThan(300)
    expect(await kib('@alicloud/ecs20140526')).toBeLessThan(320)
    expect(await kib('@alicloud/fc2')).toBeLessThan(120)
    expect(await kib('@simplewebauthn/server')).toBeLessThan(500)
  })

  it('have nothing of other operations in them', async () => {
    const code = async (name: string) => await readFile(join(artifact, 'node_modules', name, 'sdk.js'), 'utf8')

    expect(await code('@alicloud/tablestore')).not.toMatch(
      /proto\d*\.(UpdateRow|BatchWriteRow|SQLQuery|Search)Request ?=/,
    )
    expect(await code('@alicloud/ecs20140526')).not.toMatch(/async (stopInstance|runInstances|deleteInstance)/)
  })
})

describe('the build fails', () => {
  beforeAll(() => bundleLoader(join(artifact, 'failing')))

  it('when the Tablestore SDK lacks a message', async () => {
    const operations = { ...OPERATIONS, tablestore: ['PutRow', 'PutCow'] }

    await expect(vendor(join(artifact, 'failing'), operations)).rejects.toThrow(
      'has no protobuf message main.PutCowRequest',
    )
  })

  it('when the ECS SDK lacks a method or a model', async () => {
    const operations = { ...OPERATIONS, ecs: ['startCow'] }

    await expect(vendor(join(artifact, 'failing'), operations)).rejects.toThrow(
      'has no method startCow, startCowWithOptions',
    )
    expect(() => pruneModels('', ['startInstance'])).toThrow('has no model StartInstanceRequest')
  })

  it('when a file is laid out in another way', async () => {
    const client = await readFile(require.resolve('@alicloud/ecs20140526'), 'utf8')
    const messages = await readFile(
      require.resolve('@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'),
      'utf8',
    )

    expect(() =>
      pruneMethods(client.replaceAll('    async stop', '  async stop').slice(0, 900_000), [
        'acceptInquiredSystemEvent',
      ]),
    ).toThrow('another layout')
    expect(() => pruneMessages(messages.replace('$root.search = ', '$root.other = '), ['PutRow'])).toThrow(
      'another layout',
    )
    expect(() => pruneMessages(messages.replaceAll('        proto.', '          proto.'), ['PutRow'])).toThrow(
      'has no protobuf message',
    )
    expect(() =>
      pruneMessages(messages.replace('PutRowRequest.verify = ', 'PutRowRequest.judge = '), ['PutRow']),
    ).toThrow('have another verify')
    expect(() => withoutProgress(`const { Writable } = require('stream')`)).toThrow('sends requests in another way')
  })
})

type Results = readonly (readonly [string, unknown])[]

/** What the script printed, and the requests that it made, without what differs from call to call. */
async function run(file: string): Promise<{ results: Results; requests: readonly string[] }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => {
        requests.push(describeRequest(request, Buffer.concat(parts)))
        answer(request, response)
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const { stdout } = await promisify(execFile)(process.execPath, [file, `http://127.0.0.1:${port}`])
    return { results: JSON.parse(stdout) as Results, requests }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function describeRequest({ method, url, headers }: IncomingMessage, body: Buffer): string {
  const volatile = /^(host|date|authorization|user-agent|x-ots-(date|signature)|x-acs-(date|signature-nonce))$/
  const kept = Object.entries(headers).map(([name, value]) =>
    volatile.test(name) ? name : `${name}: ${String(value)}`,
  )
  return [`${method} ${url}`, ...kept.toSorted(), body.toString('base64')].join('\n')
}

function answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
  if (headers['x-ots-date'] !== undefined) return void response.writeHead(200).end(tablestoreAnswer(url))
  const instance = /InstanceId=(i-\w+)/.exec(url)?.[1]
  switch (instance ?? url) {
    case 'i-reset':
      return void response.socket?.resetAndDestroy()
    case 'i-html':
      return void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>')
    case 'i-xml': {
      const error = '<Error><Code>Throttling.Api</Code><Message>später</Message><RequestId>R</RequestId></Error>'
      return void response.writeHead(400, { 'content-type': 'text/xml;charset=utf-8' }).end(error)
    }
    case 'i-gzip': {
      const zipped = gzipSync(JSON.stringify({ RequestId: 'R', Code: 'IncorrectInstanceStatus', Message: 'es läuft' }))
      return void response.writeHead(403, { 'content-encoding': 'gzip' }).end(zipped)
    }
    case 'i-broken':
      return json(response, 500, { Code: 'InternalError', Message: 'broken', RequestId: 'R' })
    case 'i-throttled':
      return json(response, 400, { Code: 'Throttling.User', Message: 'slow down', RequestId: 'R' })
    case 'i-refused':
      return json(response, 403, { Code: 'IncorrectInstanceStatus', Message: 'it runs', RequestId: 'R', HostId: 'h' })
    case '/2023-03-30/functions/forbidden/invocations?qualifier=LATEST':
      return json(response, 403, { ErrorCode: 'AccessDenied', ErrorMessage: 'no' })
    default:
      return json(response, 200, {
        RequestId: 'R',
        Instances: { Instance: [{ InstanceId: 'i-1', Status: 'Stopped' }] },
      })
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

interface Message {
  encode(message: object): { finish(): Uint8Array }
}

/** An answer without rows, or about a table, which is decoded all the same. */
function tablestoreAnswer(url: string): Uint8Array {
  const protocol = require('@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js') as {
    main: { proto: Record<string, Message> }
  }
  const capacityUnit = { read: 1, write: 2 }
  const rows = { consumed: { capacityUnit }, row: Buffer.alloc(0), rows: Buffer.alloc(0) }
  const table = {
    tableMeta: { tableName: 'asks', primaryKey: [{ name: 'request', type: 3 }] },
    reservedThroughputDetails: { capacityUnit, lastIncreaseTime: 1 },
    tableOptions: { timeToLive: -1, maxVersions: 1 },
    tableStatus: 1,
  }
  const message = protocol.main.proto[`${url.slice(1)}Response`]
  if (message === undefined) throw new Error(`no answer to ${url} is known`)
  return message.encode(url === '/DescribeTable' ? table : rows).finish()
}
