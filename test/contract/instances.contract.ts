// What looking at instances and starting them promise, wherever the instances are.
import { describe, expect, it } from 'vitest'
import type { Look } from '#core/ready.ts'
import type { InstanceLooks, InstanceStarts, StartCall } from '#ports/instances.ts'

export interface InstancesUnderTest {
  readonly looks: InstanceLooks
  readonly starts: InstanceStarts
  readonly accountId: string
  add(instance: Partial<Pick<Look, 'status' | 'regionId' | 'name' | 'tags'>> & { readonly instanceId: string }): void
  /** The answer to the next call is lost; a start is carried out or not. */
  lose(operation: 'StartInstance' | 'DescribeInstances', applied: boolean): void
  /** Starts that took an instance out of Stopped. */
  started(instanceId: string): number
  /** Calls so far. */
  calls(operation: 'StartInstance' | 'DescribeInstances'): number
}

const REGION = 'cn-hangzhou'
const ELSEWHERE = 'cn-beijing'

export function describeInstances(name: string, setup: () => Promise<InstancesUnderTest>): void {
  describe(`instances (${name})`, async () => {
    const under = await setup()
    const { looks, starts, accountId } = under
    let last = 0
    const add = (given: Partial<Pick<Look, 'status' | 'regionId' | 'name' | 'tags'>> = {}): string => {
      last += 1
      const instanceId = `i-bp1contract${last}`
      under.add({ instanceId, ...given })
      return instanceId
    }
    const statusOf = async (instanceId: string) => (await looks.look(REGION, [instanceId])).get(instanceId)?.status
    const toCall = (instanceId: string, given: Partial<StartCall> = {}): StartCall => ({
      accountId,
      regionId: REGION,
      instanceId,
      initLocalDisk: false,
      dryRun: false,
      request: 'req_1',
      ...given,
    })

    it('are shown as they are', async () => {
      const instanceId = add({ name: 'report', tags: { startgate: 'allowed', team: 'data' } })
      const look = (await looks.look(REGION, [instanceId])).get(instanceId)

      expect(look).toMatchObject({
        accountId,
        regionId: REGION,
        instanceId,
        name: 'report',
        type: 'ecs.g7.large',
        zone: 'cn-hangzhou-h',
        imageId: 'aliyun_3_x64_20G_alibase_20240528.vhd',
        chargeType: 'PostPaid',
        status: 'Stopped',
        stoppedMode: 'KeepCharging',
        tags: { startgate: 'allowed', team: 'data' },
        locks: [],
      })
      expect(look).not.toHaveProperty('expiresAt')
    })

    it('are shown by id, and only those that were asked for and are there', async () => {
      const [one, other, elsewhere] = [add(), add({ status: 'Running' }), add({ regionId: ELSEWHERE })]
      add()
      const shown = await looks.look(REGION, [other, 'i-bp1nobody', one, elsewhere])

      expect([...shown.keys()].toSorted()).toEqual([one, other].toSorted())
      expect(shown.get(other)?.status).toBe('Running')
    })

    it('are shown in one call per hundred, and in none for none', async () => {
      const ids = Array.from({ length: 101 }, () => add())
      const before = under.calls('DescribeInstances')

      expect((await looks.look(REGION, ids.slice(0, 100))).size).toBe(100)
      expect(under.calls('DescribeInstances')).toBe(before + 1)
      expect((await looks.look(REGION, ids)).size).toBe(101)
      expect(under.calls('DescribeInstances')).toBe(before + 3)
      expect((await looks.look(REGION, [])).size).toBe(0)
      expect(under.calls('DescribeInstances')).toBe(before + 3)
    })

    it('are not shown as missing when the answer is lost', async () => {
      const instanceId = add()
      under.lose('DescribeInstances', false)

      await expect(looks.look(REGION, [instanceId])).rejects.toThrow(Error)
      expect(await statusOf(instanceId)).toBe('Stopped')
    })

    it('are found by exactly their name, in their region, in one call', async () => {
      const [one, other] = [add({ name: 'build box' }), add({ name: 'build box', status: 'Running' })]
      for (const [name, regionId] of [['build box 2'], ['Build box'], ['build'], ['build box', ELSEWHERE]])
        add({ ...(name === undefined ? {} : { name }), ...(regionId === undefined ? {} : { regionId }) })
      const before = under.calls('DescribeInstances')
      const found = await looks.find(REGION, 'build box')

      expect(found.map(({ instanceId }) => instanceId).toSorted()).toEqual([one, other].toSorted())
      expect(found.find(({ instanceId }) => instanceId === other)).toMatchObject({ accountId, status: 'Running' })
      expect(under.calls('DescribeInstances')).toBe(before + 1)
    })

    it('are not found by a name that none has, whatever is in it', async () => {
      for (const name of ['nobody', 'build.box', '"],[', '名字 🙂']) expect(await looks.find(REGION, name)).toEqual([])
    })

    it('are found up to a hundred', async () => {
      for (let n = 0; n < 101; n += 1) add({ name: 'one of many' })

      expect(await looks.find(REGION, 'one of many')).toHaveLength(100)
    })

    it('are not said to be missing when the answer to a name is lost', async () => {
      add({ name: 'hidden' })
      under.lose('DescribeInstances', false)

      await expect(looks.find(REGION, 'hidden')).rejects.toThrow(Error)
      expect(await looks.find(REGION, 'hidden')).toHaveLength(1)
    })

    it('are started by a start that is accepted', async () => {
      const instanceId = add()
      const answer = await starts.start(toCall(instanceId))

      expect(answer).toEqual({ kind: 'accepted', requestId: expect.stringMatching(/^[\w-]+$/) as string })
      expect(await statusOf(instanceId)).toBe('Starting')
      expect(under.started(instanceId)).toBe(1)
    })

    it.each(['Running', 'Starting', 'Stopping', 'Pending'])('are not started from %s', async (status) => {
      const instanceId = add({ status })
      const answer = await starts.start(toCall(instanceId))

      expect(answer).toMatchObject({ kind: 'answered', answer: { code: 'IncorrectInstanceStatus', status: 403 } })
      expect(under.started(instanceId)).toBe(0)
    })

    it('are not started where they are not', async () => {
      const instanceId = add({ regionId: ELSEWHERE })
      for (const call of [toCall(instanceId), toCall('i-bp1nobody')]) {
        expect(await starts.start(call)).toMatchObject({
          kind: 'answered',
          answer: { code: 'InvalidInstanceId.NotFound', status: 404, requestId: expect.any(String) as string },
        })
      }
      expect(under.started(instanceId)).toBe(0)
    })

    it('are not started by a dry run, which says yes with an error', async () => {
      const instanceId = add()
      const answer = await starts.start(toCall(instanceId, { dryRun: true }))

      expect(answer).toMatchObject({ kind: 'answered', answer: { code: 'DryRunOperation' } })
      expect(await statusOf(instanceId)).toBe('Stopped')
    })

    it.each([true, false])(
      'have no answer when it was lost, and are not asked again (carried out: %s)',
      async (applied) => {
        const instanceId = add()
        const before = under.calls('StartInstance')
        under.lose('StartInstance', applied)

        expect(await starts.start(toCall(instanceId))).toMatchObject({ kind: 'no_answer' })
        expect(under.started(instanceId)).toBe(applied ? 1 : 0)
        expect(under.calls('StartInstance')).toBe(before + 1)
        expect(await statusOf(instanceId)).toBe(applied ? 'Starting' : 'Stopped')
      },
    )

    it('are started once by two who start them at once', async () => {
      const instanceId = add()
      const answers = await Promise.all([starts.start(toCall(instanceId)), starts.start(toCall(instanceId))])

      expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'answered'])
      expect(under.started(instanceId)).toBe(1)
    })
  })
}
