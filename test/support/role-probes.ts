// What breaks without one grant of a role: a behaviour of the built functions for each, which works with it.
import type { RequestId } from '#core/request-id.ts'
import { LOCAL_NAMES } from '#infra/local/create-spine.ts'
import type { Role } from '#infra/local/ram-policy.ts'
import type { Deployment } from './deployment.ts'
import { issueFor } from './local-cloud.ts'
import { sdk, type SdkClient } from './tablestore-sdk.ts'

export interface Started {
  readonly id: RequestId
  readonly instanceId: string
}

export interface Probe {
  readonly role: Role
  readonly action: string
  /** The end of the resource. */
  readonly on: string
  readonly what: string
  /** What must be there beforehand, made with everything granted. */
  readonly given?: () => Promise<Started>
  works(given: Started): Promise<boolean>
}

export function tablesOf({ cloud }: Deployment, role: Role): SdkClient {
  const { accessKeyId, accessKeySecret, securityToken } = issueFor(cloud, role)
  const { ots: endpoint } = cloud.endpoints
  const key = { accessKeyId, secretAccessKey: accessKeySecret, stsToken: securityToken }
  return new sdk.Client({ ...key, endpoint, instancename: LOCAL_NAMES.instance, maxRetries: 0 })
}

/** `takeInstance`: the id of one that nobody asked for yet. */
export function createProbes(at: () => Deployment, takeInstance: () => string): readonly Probe[] {
  /** Asked with everything granted, its telling done. */
  async function ask(): Promise<Started> {
    const instanceId = takeInstance()
    const { status, body } = await at().ask({ instanceId })
    if (status !== 201) throw new Error(`asking failed: ${JSON.stringify(body)}`)
    await at().functions.idle()
    return { id: body.id, instanceId }
  }

  /** Approved too, its hint lost: the starter has not seen it. */
  async function askAndApprove(): Promise<Started> {
    const asked = await ask()
    at().cloud.spine.faults.add({ service: 'fc', subject: 'starter', fault: { kind: 'lost', applied: false } })
    await at().approve(asked.id)
    return asked
  }

  const hint = async (to: Role, { id }: Started) => (await at().functions.invoke(to, { hint: id })).kind === 'answered'
  const isStarted = ({ instanceId }: Started) => at().cloud.ecs.instances.starts(instanceId).length === 1
  const isOpen = ({ id }: Started) =>
    at()
      .cloud.tablestore.rows('open')
      .some(({ primaryKey }) => primaryKey['request'] === id)
  const list = async () =>
    (await at().call('GET', `/v1/start-requests?day=${new Date().toISOString().slice(0, 10)}`, { as: 'carol' }))
      .status === 200
  const show = async ({ id }: Started) => (await at().call('GET', `/v1/start-requests/${id}`)).status === 200

  async function hintIsSent(from: Role, act: () => Promise<boolean>): Promise<boolean> {
    const lines = at().functions.logs(from).length
    const done = await act()
    return (
      done &&
      !at()
        .functions.logs(from)
        .slice(lines)
        .some(({ text }) => text.includes('hint.failed'))
    )
  }

  /** Row 1 of a stream: the starter's note of its own deployment has another number. */
  function losePut(role: Role): void {
    const fault = { kind: 'lost', applied: true } as const
    const put = { service: 'ots', operation: 'PutRow', subject: ', 1)', fault } as const
    at().cloud.spine.faults.add({ ...put, role })
  }

  /** A request that ended, and that nobody was told of: the gate's role says what comes of telling. */
  async function denied(): Promise<Started> {
    const asked = await ask()
    at().cloud.spine.faults.add({ service: 'fc', subject: 'gate', fault: { kind: 'lost', applied: false } })
    await at().deny(asked.id)
    return asked
  }

  const asking = async () => (await at().ask({ instanceId: takeInstance() })).status === 201
  const describing = (table: string): Probe => ({
    role: 'gate',
    action: 'ots:DescribeTable',
    on: `table/${table}`,
    what: `whether the table ${table} is as it should be cannot be read`,
    works: async () =>
      tablesOf(at(), 'gate')
        .describeTable({ tableName: table })
        .then(
          () => true,
          () => false,
        ),
  })
  const starting = async (started: Started): Promise<boolean> => {
    const answered = await hint('starter', started)
    return answered && isStarted(started)
  }

  return [
    {
      role: 'gate',
      action: 'ots:GetRow',
      on: 'table/asks',
      what: 'a put whose answer was lost cannot be settled',
      works: async () => {
        losePut('gate')
        return asking()
      },
    },
    {
      role: 'gate',
      action: 'ots:GetRange',
      on: 'table/asks',
      what: 'no request can be shown',
      given: ask,
      works: show,
    },
    { role: 'gate', action: 'ots:PutRow', on: 'table/asks', what: 'nobody can ask', works: asking },
    describing('asks'),
    { role: 'gate', action: 'ots:GetRange', on: 'table/open', what: 'nothing can be listed', works: list },
    { role: 'gate', action: 'ots:PutRow', on: 'table/open', what: 'nobody can ask', works: asking },
    {
      role: 'gate',
      action: 'ots:DeleteRow',
      on: 'table/open',
      what: 'what is told stays open',
      given: denied,
      works: async (given) => {
        await hint('gate', given)
        return !isOpen(given)
      },
    },
    describing('open'),
    { role: 'gate', action: 'ots:GetRange', on: 'table/days', what: 'nothing can be listed', works: list },
    {
      role: 'gate',
      action: 'ots:PutRow',
      on: 'table/days',
      what: 'telling does not finish',
      given: denied,
      works: async (given) => {
        await hint('gate', given)
        return !isOpen(given)
      },
    },
    describing('days'),
    {
      role: 'gate',
      action: 'ots:GetRange',
      on: 'table/runs',
      what: 'no request can be shown',
      given: ask,
      works: show,
    },
    describing('runs'),
    { role: 'gate', action: 'ecs:DescribeInstances', on: 'instance/*', what: 'nobody can ask', works: asking },
    {
      role: 'gate',
      action: 'fc:InvokeFunction',
      on: 'functions/startgate-gate',
      what: 'what changed is not told at once',
      works: async () => hintIsSent('gate', asking),
    },
    {
      role: 'gate',
      action: 'fc:InvokeFunction',
      on: 'functions/startgate-starter',
      what: 'what is approved waits for the sweep',
      given: ask,
      works: async ({ id }) => hintIsSent('gate', async () => (await at().approve(id)).status === 200),
    },
    {
      role: 'starter',
      action: 'ots:GetRow',
      on: 'table/runs',
      what: 'a put whose answer was lost cannot be settled',
      given: askAndApprove,
      works: async (given) => {
        losePut('starter')
        return starting(given)
      },
    },
    {
      role: 'starter',
      action: 'ots:GetRange',
      on: 'table/runs',
      what: 'nothing starts',
      given: askAndApprove,
      works: starting,
    },
    {
      role: 'starter',
      action: 'ots:PutRow',
      on: 'table/runs',
      what: 'nothing starts',
      given: askAndApprove,
      works: starting,
    },
    {
      role: 'starter',
      action: 'ots:GetRange',
      on: 'table/asks',
      what: 'nothing starts',
      given: askAndApprove,
      works: starting,
    },
    {
      role: 'starter',
      action: 'ots:GetRange',
      on: 'table/open',
      what: 'the sweep finds nothing',
      given: askAndApprove,
      works: async (given) => {
        const event = { triggerTime: '2026-11-23T00:00:00Z', triggerName: 'sweep', payload: '{"job":"sweep"}' }
        await at().functions.invoke('starter', event)
        return isStarted(given)
      },
    },
    {
      role: 'starter',
      action: 'ecs:StartInstance',
      on: 'instance/*',
      what: 'nothing starts',
      given: askAndApprove,
      works: starting,
    },
    {
      role: 'starter',
      action: 'ecs:DescribeInstances',
      on: 'instance/*',
      what: 'nothing starts',
      given: askAndApprove,
      works: starting,
    },
    {
      role: 'starter',
      action: 'fc:InvokeFunction',
      on: 'functions/startgate-gate',
      what: 'the outcome is not told at once',
      given: askAndApprove,
      works: async (given) => hintIsSent('starter', async () => starting(given)),
    },
  ]
}
