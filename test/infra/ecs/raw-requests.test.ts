import http from 'node:http'
import { beforeAll, expect, test } from 'vitest'
import { type LocalEcs, startEcs } from '#support/local-ecs.ts'
import { type Edits, signedRequest } from '#support/signed-ecs-request.ts'

let local: LocalEcs

beforeAll(async () => {
  local = await startEcs()
})

/** Sends what the SDK would not; `search` replaces the query in the request line. */
async function send(edits: Edits, search?: string): Promise<{ status: number | undefined; code: unknown }> {
  const { method, query, headers, body } = signedRequest(local.spine.credentials.operator, edits)
  const [host, port] = local.endpoint.split(':')
  return await new Promise((resolve, reject) => {
    const path = `/?${search ?? new URLSearchParams([...query]).toString()}`
    const request = http.request({ host, port, method, path, headers: Object.fromEntries(headers) }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const answer: unknown = JSON.parse(Buffer.concat(chunks).toString())
        const code = typeof answer === 'object' && answer !== null && 'Code' in answer ? answer.Code : undefined
        resolve({ status: response.statusCode, code })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

test('the host tells the region of the endpoint', async () => {
  local.ecs.instances.add({ id: 'i-shanghai', region: 'cn-shanghai' })
  const query = { InstanceId: 'i-shanghai' }

  expect(await send({ query, host: 'ecs.cn-hangzhou.aliyuncs.com' })).toEqual({
    status: 404,
    code: 'InvalidInstanceId.NotFound',
  })
  expect(await send({ query, host: 'ecs-vpc.cn-shanghai.aliyuncs.com' })).toEqual({ status: 200, code: undefined })
  expect(local.ecs.instances.starts('i-shanghai')).toHaveLength(1)
})

test('parameters in a body are not looked at, and so refused', async () => {
  expect(await send({ afterBody: 'InstanceId=i-1' })).toEqual({ status: 400, code: 'InvalidParameter' })
})

test('a parameter given twice is refused', async () => {
  expect(await send({}, 'InstanceId=i-1&InstanceId=i-2')).toEqual({ status: 400, code: 'InvalidParameter' })
})

test('another version of the API is not found', async () => {
  expect(await send({ version: '2016-03-14' })).toEqual({ status: 404, code: 'InvalidAction.NotFound' })
})

test('a refusal before the signature names nobody in the log', async () => {
  const mark = local.spine.operations.mark()

  await send({ secret: 'wrong', query: { InstanceId: 'i-forged' } })

  expect(local.spine.operations.since(mark)).toEqual([
    expect.objectContaining({
      role: 'unknown',
      subject: 'not authenticated',
      code: 'SignatureDoesNotMatch',
      status: 400,
    }),
  ])
})
