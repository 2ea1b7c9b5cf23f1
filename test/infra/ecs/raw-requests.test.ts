import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSpine } from '#infra/local/create-spine.ts'
import { createEcs } from '#infra/local/ecs/server.ts'
import { type Edits, sendSigned, signedRequest } from '#support/signed-ecs-request.ts'

const spine = createSpine({ policies: {} })
const ecs = createEcs({ spine })
const server = http.createServer(ecs.handler)

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** What the SDK would not send. */
async function send(edits: Edits, search?: string) {
  const { port } = server.address() as AddressInfo
  return await sendSigned(`127.0.0.1:${port}`, signedRequest(spine.credentials.operator, edits), search)
}

test('the host tells the region of the endpoint', async () => {
  ecs.instances.add({ id: 'i-shanghai', region: 'cn-shanghai' })
  const query = { InstanceId: 'i-shanghai' }

  expect(await send({ query, host: 'ecs.cn-hangzhou.aliyuncs.com' })).toEqual({
    status: 404,
    code: 'InvalidInstanceId.NotFound',
  })
  expect(await send({ query, host: 'ecs-vpc.cn-shanghai.aliyuncs.com' })).toEqual({ status: 200, code: undefined })
  expect(ecs.instances.starts('i-shanghai')).toHaveLength(1)
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
  const mark = spine.operations.mark()

  await send({ secret: 'wrong', query: { InstanceId: 'i-forged' } })

  expect(spine.operations.since(mark)).toEqual([
    expect.objectContaining({
      role: 'unknown',
      subject: 'not authenticated',
      code: 'SignatureDoesNotMatch',
      status: 400,
    }),
  ])
})
