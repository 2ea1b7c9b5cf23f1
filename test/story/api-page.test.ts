// Every row of the error table of the StartInstance page, answered by the local ECS: how the request ends, and what people
// are told to do about it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Who } from '#core/catalogue-entry.ts'
import { lookUp } from '#core/catalogue.ts'
import { WORDS } from '#core/language/tables.ts'
import { parseRuns } from '#core/runs.ts'
import type { StartErrorInput } from '#infra/local/ecs/instance-definition.ts'
import { deploy, type Deployment } from '#support/deployment.ts'
import { anInstance, askFor, callsFor, each, expectEnd, startsOf, toldOf, type Played } from '#support/play.ts'

type Row = readonly [
  status: number,
  code: string,
  message: string,
  ends: 'failed' | 'stuck',
  who: Who,
  happened: RegExp,
  cure: RegExp,
]

const EXPIRED = 'The postPaid instance has been expired.Please ensure your account have enough balance.'
const LOCKED = 'The specified operation is denied as your instance is locked for security reasons.'
const STATUS = 'The current status of the resource does not support this operation.'
const NO_STOCK =
  'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.'
const UNKNOWN = 'The request processing has failed due to some unknown error'
const QUOTA_BOTH =
  'The number of the specified ECS instances has exceeded the quota of the specified instance type, or the number of vCPUs assigned to the ECS instances has exceeded the quota in the zone.'

const SENT = /may have been sent.*still Stopped/
const LOOK = /Look at it in the ECS console/
const QUOTA = /quota .* used up/
const CENTER = /Quota Center/

/** In the order of the page. */
const PAGE: readonly Row[] = [
  [
    404,
    'InvalidInstanceId.NotFound',
    'The specified InstanceId does not exist.',
    'failed',
    'requester',
    /no such instance/,
    /Check its id/,
  ],
  [
    403,
    'IncorrectInstanceStatus',
    STATUS,
    'failed',
    'operator',
    /not in the state Stopped/,
    /its state in the ECS console/,
  ],
  [403, 'InstanceLockedForSecurity', LOCKED, 'failed', 'operator', /locked .* for security reasons/, /its events/],
  [
    403,
    'InsufficientBalance',
    'Your account does not have enough balance.',
    'failed',
    'account',
    /balance .* too low/,
    /Add funds/,
  ],
  [500, 'InstanceNotReady', 'The specified instance is not ready for use', 'stuck', 'operator', SENT, LOOK],
  [500, 'InternalError', `${UNKNOWN}.`, 'stuck', 'operator', SENT, LOOK],
  [403, 'DiskError', 'IncorrectDiskStatus.', 'failed', 'operator', /disk .* keeps it from starting/, /See the disks/],
  [403, 'InstanceExpired', EXPIRED, 'failed', 'account', /has expired/, /Renew it or settle its bill/],
  [
    403,
    'InstanceExpired',
    'The prePaid instance has been expired.',
    'failed',
    'account',
    /has expired/,
    /Renew it or settle its bill/,
  ],
  [
    403,
    'InstanceNotReady',
    'The specified instance is not ready for use.',
    'failed',
    'requester',
    /not ready yet/,
    /Ask again in a few minutes/,
  ],
  [
    403,
    'DiskInArrears',
    'The specified operation is denied as your disk has expired.',
    'failed',
    'account',
    /disk .* payment overdue/,
    /Settle it/,
  ],
  [
    403,
    'OperationDenied.NoStock',
    NO_STOCK,
    'failed',
    'operator',
    /no capacity for this instance type in its zone/,
    /Change the instance type, or ask again later/,
  ],
  [
    403,
    'OperationDenied.SpotPriceLowerThanPublicPrice',
    'The spot instance price is lower than public price.',
    'failed',
    'operator',
    /spot price was above the limit/,
    /Raise its limit/,
  ],
  [
    403,
    'IncorrectInstanceStatus',
    '%s',
    'failed',
    'operator',
    /not in the state Stopped/,
    /its state in the ECS console/,
  ],
  [
    403,
    'InvalidParameter.KMSKeyId.KMSUnauthorized',
    'ECS service have no right to access your KMS.',
    'failed',
    'account',
    /may not use the KMS key/,
    /right in KMS/,
  ],
  [500, 'InternalError', `${UNKNOWN}, exception or failure.`, 'stuck', 'operator', SENT, LOOK],
  [
    403,
    'QuotaExceed.ElasticQuota',
    'No additional quota is available for the specified ECS instance type.',
    'failed',
    'account',
    QUOTA,
    CENTER,
  ],
  [
    403,
    'QuotaExceed.ElasticQuota',
    'The number of the specified ECS instances has exceeded the quota of the specified instance type.',
    'failed',
    'account',
    QUOTA,
    CENTER,
  ],
  [
    403,
    'QuotaExceed.ElasticQuota',
    'The number of vCPUs assigned to the ECS instances has exceeded the quota in the zone.',
    'failed',
    'account',
    QUOTA,
    CENTER,
  ],
  [403, 'QuotaExceed.ElasticQuota', QUOTA_BOTH, 'failed', 'account', QUOTA, CENTER],
]
const ROWS = PAGE.map(([status, code, message, ends, who, happened, cure], n) => {
  return { status, code, message, ends, who, happened, cure, instanceId: `i-bp1row${n + 10}` }
})

const throttled = { id: 'i-bp1throttled', error: { code: 'Throttling', status: 400, message: 'Request was denied.' } }
const soldOut = {
  id: 'i-bp1soldout',
  error: { code: 'OperationDenied.NoStock', status: 403, message: NO_STOCK, times: null },
}
const notReady = {
  id: 'i-bp1notready',
  error: { code: 'InstanceNotReady', status: 500, message: 'not ready', applied: true },
}
const internal = {
  id: 'i-bp1internal',
  error: { code: 'InternalError', status: 500, message: `${UNKNOWN}.`, applied: true },
}
const OTHERS: readonly { id: string; error: StartErrorInput }[] = [throttled, soldOut, notReady, internal]

let deployment: Deployment
const played = new Map<string, Played>()
const found = (instanceId: string): Played => played.get(instanceId) ?? expect.fail(`${instanceId} was not asked for`)

/** Final, and everybody has heard of it. */
async function toEnd({ id }: Played): Promise<void> {
  await deployment.until(`${id} has left the open requests`, () =>
    deployment.cloud.tablestore.rows('open').some(({ primaryKey }) => primaryKey['request'] === id) ? undefined : true,
  )
}

async function answersOf({ id }: Played) {
  const { runs } = await deployment.receipt(id)
  return parseRuns(runs).events.flatMap(({ body }) => ('answer' in body ? [body.answer] : []))
}

beforeAll(async () => {
  const patient = { team: 'patient', startgate: 'allowed' }
  deployment = await deploy({
    instances: [
      ...ROWS.map(({ instanceId, status, code, message }) =>
        anInstance(instanceId, { startErrors: [{ code, status, message, times: null }] }),
      ),
      ...OTHERS.map(({ id, error }) => anInstance(id, { tags: patient, startErrors: [error] })),
    ],
    policy: (document) => {
      const [first, ...rest] = document.rules
      const twice = { ...first, name: 'patient', instances: { tags: { team: 'patient' } }, attempts: 2 }
      return { ...document, rules: [{ ...first, attempts: 1 }, twice, ...rest] }
    },
  })
  // Those that take longest come first.
  const ids = [
    ...OTHERS.map(({ id }) => id),
    ...ROWS.toSorted((one, other) => other.status - one.status).map(({ instanceId }) => instanceId),
  ]
  await each(ids, async (instanceId) => {
    const request = await askFor(deployment, instanceId)
    played.set(instanceId, request)
    expect((await deployment.approve(request.id)).status).toBe(200)
  })
}, 60_000)
afterAll(async () => deployment.close())

describe('a row of the page, where the rule allows one attempt', () => {
  test('each row is there', () => {
    expect(ROWS).toHaveLength(20)
    expect(new Set(ROWS.map(({ status, code, message }) => `${status} ${code} ${message}`)).size).toBe(20)
  })

  test.each(ROWS.map((row) => [`${row.status} ${row.code} "${row.message}" ends ${row.ends}`, row] as const))(
    '%s',
    { timeout: 40_000 },
    async (_name, row) => {
      const request = found(row.instanceId)
      await toEnd(request)
      const { view } = await expectEnd(deployment, request, row.ends)
      expect(view.headline).toMatch(row.happened)
      expect(view.headline).toMatch(row.cure)
      const answers = await answersOf(request)
      expect(answers[0]).toMatchObject({ code: row.code, status: row.status })
      const last = answers.at(-1)
      expect(lookUp(last?.code ?? '', last?.status).who).toBe(row.who)
      expect(view.headline.endsWith(WORDS.en.doneBy[row.who])).toBe(true)
      expect([callsFor(deployment, row.instanceId), startsOf(deployment, row.instanceId)]).toEqual([1, 0])
    },
  )
})

describe('where the rule allows two attempts', () => {
  test('throttled once: it waits, and then it runs', { timeout: 40_000 }, async () => {
    const request = found(throttled.id)
    await toEnd(request)
    const { view } = await expectEnd(deployment, request, 'running')
    expect(view.headline).toBe('The instance runs.')
    expect(toldOf(deployment, request.id)).toContain('waiting')
    expect([callsFor(deployment, throttled.id), startsOf(deployment, throttled.id)]).toEqual([2, 1])
  })

  test('sold out for ever: it has failed after two calls', { timeout: 40_000 }, async () => {
    const request = found(soldOut.id)
    await toEnd(request)
    const { view } = await expectEnd(deployment, request, 'failed')
    expect(view.headline).toMatch(/no capacity/)
    expect([callsFor(deployment, soldOut.id), startsOf(deployment, soldOut.id)]).toEqual([2, 0])
  })

  test.each([notReady, internal].map((one) => [one.error.code, one] as const))(
    '500 %s that started it all the same: seen running, never sent again',
    { timeout: 40_000 },
    async (_code, { id, error }) => {
      const request = found(id)
      await toEnd(request)
      const { view } = await expectEnd(deployment, request, 'running')
      expect(view.headline).toMatch(/answer .* was lost, but the instance was seen \w+ afterwards/)
      expect(await answersOf(request)).toMatchObject([{ code: error.code, status: 500 }])
      expect([callsFor(deployment, id), startsOf(deployment, id)]).toEqual([1, 1])
    },
  )
})
