import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { InstancesError } from '#adapters/ecs/instances-error.ts'
import { createInstanceLooks } from '#adapters/ecs/looks.ts'
import { DURATIONS, type Durations } from '#core/durations.ts'
import type { Fault } from '#infra/local/spine.ts'
import { issueFor, startLocalCloud } from '#support/local-cloud.ts'

const cloud = await startLocalCloud()
const { spine, ecs, endpoints } = cloud
const credentials = issueFor(cloud, 'gate')
const HOST = new URL(endpoints.ecs[spine.region] ?? '').host
const REGION = spine.region

function looksAt(endpoint = HOST, given: Partial<Durations> = {}) {
  const durations = { ...DURATIONS, ...given }
  return createInstanceLooks({ endpoint, accountId: spine.accountId, credentials: () => credentials, durations })
}

async function lookAt(input: Omit<Parameters<typeof ecs.instances.add>[0], 'region'>) {
  ecs.instances.add({ region: REGION, ...input })
  return (await looksAt().look(REGION, [input.id])).get(input.id)
}

describe('a look', () => {
  it('tells that it is a spot instance', async () => {
    const look = await lookAt({ id: 'i-bp1spot', spotStrategy: 'SpotAsPriceGo' })

    expect(look?.chargeType).toBe('PostPaid SpotAsPriceGo')
  })

  it('tells when a subscription expires, to the minute that ECS tells', async () => {
    const look = await lookAt({ id: 'i-bp1paid', chargeType: 'PrePaid', expiresAt: Date.UTC(2027, 0, 31, 16, 0, 30) })

    expect(look).toMatchObject({ chargeType: 'PrePaid', expiresAt: Date.UTC(2027, 0, 31, 16) })
  })

  it('tells every lock, the mode of being stopped, and no tags where there are none', async () => {
    const locks = [{ reason: 'security', message: 'attacked' }, { reason: 'financial' }]
    const look = await lookAt({ id: 'i-bp1locked', locks, stoppedMode: 'StopCharging' })

    expect(look).toMatchObject({ locks: ['security', 'financial'], stoppedMode: 'StopCharging', tags: {} })
  })

  it.each<[string, Fault, string]>([
    ['an error', { kind: 'error', status: 503, code: 'ServiceUnavailable' }, 'answered'],
    ['a page of a gateway', { kind: 'html', status: 502, applied: true }, 'no_answer'],
    ['a reset', { kind: 'lost', applied: true }, 'no_answer'],
    ['an answer that stalls', { kind: 'truncated', stall: true }, 'no_answer'],
  ])('that is answered with %s is a fault, not an empty list', async (_, fault, kind) => {
    spine.faults.clear()
    spine.faults.add({ operation: 'DescribeInstances', fault })
    const look = looksAt(HOST, { lookTimeout: 200 }).look(REGION, ['i-bp1spot'])

    await expect(look).rejects.toMatchObject({ name: 'InstancesError', code: 'instances_unavailable', why: { kind } })
  })

  it.each(['{}', '{"Instances":{}}', '{"Instances":null}', '[]'])(
    'that is answered with %s is one too',
    async (body) => {
      const server = http.createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(body)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => void server.close())
      const { port } = server.address() as AddressInfo

      await expect(looksAt(`127.0.0.1:${port}`).look(REGION, ['i-1'])).rejects.toBeInstanceOf(InstancesError)
    },
  )

  it('that fails tells no URL, key or token', async () => {
    spine.faults.clear()
    spine.faults.add({ operation: 'DescribeInstances', fault: { kind: 'delayed', ms: 5000, before: true } })
    const error: unknown = await looksAt(HOST, { lookTimeout: 100 })
      .look(REGION, ['i-bp1spot'])
      .catch((thrown: unknown) => thrown)
    const shown = `${String(error)} ${JSON.stringify(error)}`

    expect(error).toBeInstanceOf(InstancesError)
    for (const secret of [HOST, '?', credentials.accessKeyId, credentials.accessKeySecret, credentials.securityToken])
      expect(shown).not.toContain(secret)
  })
})
