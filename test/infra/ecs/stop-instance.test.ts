import { beforeAll, expect, test } from 'vitest'
import { sdk, thrownBy } from '#support/ecs-sdk.ts'
import { type LocalEcs, startEcs } from '#support/local-ecs.ts'

let local: LocalEcs

beforeAll(async () => {
  local = await startEcs()
})

function stop(instanceId: string, stoppedMode?: string) {
  const mode = stoppedMode === undefined ? {} : { stoppedMode }
  return local.operator.stopInstance(new sdk.StopInstanceRequest({ instanceId, ...mode }))
}

test('a running instance is stopping at once, and stops in the mode asked for', async () => {
  local.ecs.instances.add({ id: 'i-run', region: 'cn-hangzhou', status: 'Running', stoppingMs: 20_000 })

  await stop('i-run', 'StopCharging')

  expect(local.ecs.instances.find('i-run')?.phase.status).toBe('Stopping')
  local.spine.clock.setOffset(20_000)
  expect(local.ecs.instances.find('i-run')?.phase).toMatchObject({ status: 'Stopped', stoppedMode: 'StopCharging' })
  local.spine.clock.setOffset(0)
})

test('a stopped instance is refused', async () => {
  local.ecs.instances.add({ id: 'i-stop', region: 'cn-hangzhou' })

  expect(await thrownBy(stop('i-stop'))).toMatchObject({ code: 'IncorrectInstanceStatus', statusCode: 403 })
})

test('an unknown instance and an unknown mode are refused', async () => {
  expect(await thrownBy(stop('i-none'))).toMatchObject({ code: 'InvalidInstanceId.NotFound', statusCode: 404 })
  expect(await thrownBy(stop('i-stop', 'Halfway'))).toMatchObject({ code: 'InvalidParameter' })
})

test('an operation that is not served is not found', async () => {
  const error = await thrownBy(local.operator.rebootInstance(new sdk.RebootInstanceRequest({ instanceId: 'i-stop' })))

  expect(error).toMatchObject({ code: 'InvalidAction.NotFound', statusCode: 404 })
})
