// `startgate doctor` on a sound deployment, and on deployments that are broken on purpose: it names what is wrong, and its cure.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTables, readTables } from '#infra/local/create-tables.ts'
import { LOCAL_NAMES } from '#infra/local/create-spine.ts'
import { parsePolicy, readRolePolicies, type Role } from '#infra/local/ram-policy.ts'
import { RUNTIME } from '#lib/runtime.ts'
import {
  AN_INSTANCE,
  CALLER_SECRET,
  deploy,
  RECEIVER_SECRET,
  SIGNING_KEY,
  type Deployment,
} from '#support/deployment.ts'
import { diagnose, runDoctor, type Diagnosis, type DoctorPlace } from '#support/doctor.ts'
import { withoutAction } from '#support/ram.ts'
import { sdk } from '#support/tablestore-sdk.ts'

const policies = readRolePolicies(LOCAL_NAMES)
const { accountId, region, instance } = LOCAL_NAMES

const VIEW_KEY = randomBytes(32).toString('hex')

let deployment: Deployment
beforeAll(async () => {
  // Timers are fired by hand: nothing here waits for time to pass.
  deployment = await deploy({ timers: false, timeScale: 1, secrets: { VIEW_KEY } })
})
afterAll(async () => deployment.close())

function at({ cloud }: Deployment): DoctorPlace {
  return { endpoint: cloud.endpoints.fc, credentials: cloud.spine.credentials.operator }
}

/** The instances that answer are those that a timer called last. */
async function tick({ functions }: Deployment): Promise<void> {
  functions.fireTimer('gate', 'tell')
  functions.fireTimer('starter', 'sweep')
  await functions.idle()
}

function wrongIn({ findings }: Diagnosis): readonly string[] {
  return findings.filter(({ verdict }) => verdict === 'wrong').map(({ check }) => check)
}

test('a sound deployment has nothing wrong and nothing unknown, and is as it was', async () => {
  await tick(deployment)
  const mark = deployment.cloud.spine.operations.mark()
  const { code, findings } = await diagnose(at(deployment))
  expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
  expect(findings.length).toBeGreaterThan(50)
  expect(code).toBe(0)

  const carriedOut = deployment.cloud.spine.operations.since(mark).filter(({ status }) => status < 300)
  expect(new Set(carriedOut.map(({ operation }) => operation))).not.toContain('PutRow')
  expect(new Set(carriedOut.map(({ operation }) => operation))).not.toContain('DeleteRow')
  expect(deployment.cloud.ecs.instances.starts('i-bp1reporting')).toEqual([])
})

test('people read a line for each, in groups, and a sum', async () => {
  await tick(deployment)
  const { out, err } = await runDoctor({ ...at(deployment), isTTY: true })
  expect(out).toContain('Both judge by the same policy')
  for (const fn of ['gate', 'starter'])
    expect(out).toContain(`Cold starts of the ${fn} use bytecode for its Node, ${RUNTIME}`)
  expect(out).toMatch(/SOUND.*ok, 0 wrong, 0 unknown/)
  expect(err).toContain('Both functions examine themselves')
})

test('nobody is told a secret, and nobody asks over HTTP', async () => {
  const event = { doctor: { instances: [] } }
  for (const fn of ['gate', 'starter'] as const) {
    const outcome = await deployment.functions.invoke(fn, event)
    const told = outcome.kind === 'answered' ? outcome.body.toString() : ''
    expect(told).toContain(`"function":"${fn}"`)
    for (const secret of [VIEW_KEY, SIGNING_KEY, CALLER_SECRET, RECEIVER_SECRET, 'STS.', 'securityToken'])
      expect(told).not.toContain(secret)
  }
  const { status, body } = await deployment.call('POST', '/', { body: event })
  expect(status).toBeGreaterThanOrEqual(400)
  expect(JSON.stringify(body)).not.toContain('policy')
})

interface Broken {
  readonly what: string
  readonly wrong: readonly string[]
  readonly cure: RegExp
  break(): unknown
  mend(): unknown
}

const spine = () => deployment.cloud.spine
const setPolicy = (role: Role, policy = policies[role]) => spine().ram.setPolicy(role, policy)
const grant = (role: Role, Action: string, Resource: string) =>
  setPolicy(role, {
    ...policies[role],
    Statement: [
      ...policies[role].Statement,
      ...parsePolicy({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource }] }).Statement,
    ],
  })

const tables = () => {
  const { accessKeyId, accessKeySecret: secretAccessKey } = spine().credentials.operator
  const { ots: endpoint } = deployment.cloud.endpoints
  return new sdk.Client({ endpoint, instancename: instance, accessKeyId, secretAccessKey, maxRetries: 0 })
}
const [days] = readTables().filter(({ name }) => name === 'days')
const removeDays = () => tables().deleteTable({ tableName: 'days' })
const makeDays = (primaryKey = days?.primaryKey ?? []) =>
  createTables({
    endpoint: deployment.cloud.endpoints.ots,
    instance,
    credentials: spine().credentials.operator,
    tables: days === undefined ? [] : [{ ...days, primaryKey }],
  })
const setSweep = (enable: boolean) =>
  deployment.functions.reconfigure('starter', {
    timers: [{ triggerName: 'sweep', cronExpression: '@every 1m', enable, payload: '{"job":"sweep"}' }],
  })

const BROKEN: readonly Broken[] = [
  {
    what: 'clocks that are ten minutes off',
    wrong: ['gate.clock', 'starter.clock'],
    cure: /reservedConcurrency of the starter to 0/,
    break: () => spine().clock.setOffset(10 * 60_000),
    mend: () => spine().clock.setOffset(0),
  },
  {
    what: 'a table that is missing',
    wrong: ['table.days'],
    cure: /^Make it: terraform apply/,
    break: removeDays,
    mend: () => makeDays(),
  },
  {
    what: 'a table with another key',
    wrong: ['table.days'],
    cure: /infra\/tables\.json.*copied into a new one/,
    break: async () => {
      await removeDays()
      await makeDays(days?.primaryKey.toSpliced(1, 1))
    },
    mend: async () => {
      await removeDays()
      await makeDays()
    },
  },
  {
    what: 'a gate that may put runs',
    wrong: ['gate.may-not.put.runs'],
    cure: /^Take ots:PutRow on the table runs from the role of the gate/,
    break: () => grant('gate', 'ots:PutRow', `acs:ots:${region}:${accountId}:instance/${instance}/table/runs`),
    mend: () => setPolicy('gate'),
  },
  {
    what: 'a gate that may start',
    wrong: ['gate.may-not.start'],
    cure: /^Take ecs:StartInstance from the role of the gate/,
    break: () => grant('gate', 'ecs:StartInstance', `acs:ecs:*:${accountId}:instance/*`),
    mend: () => setPolicy('gate'),
  },
  {
    what: 'a starter that may not describe',
    wrong: ['starter.may.describe'],
    cure: /^Give the role of the starter ecs:DescribeInstances/,
    break: () => setPolicy('starter', withoutAction(policies.starter, 'ecs:DescribeInstances')),
    mend: () => setPolicy('starter'),
  },
  {
    what: 'an instance of the policy that is not tagged for the starter',
    wrong: ['starter.may.start'],
    cure: /^Tag the instance startgate: allowed/,
    break: () => deployment.cloud.ecs.instances.change('i-bp1reporting', { tags: { team: 'reporting' } }),
    mend: () => deployment.cloud.ecs.instances.change('i-bp1reporting', { tags: AN_INSTANCE.tags }),
  },
  {
    what: 'another policy in the starter',
    wrong: ['policy'],
    cure: /deploy both with the same policy, the starter first/,
    break: () => deployment.redeploy((document) => ({ ...document, mayRead: [] }), ['starter']),
    mend: () => deployment.redeploy((document) => document, ['starter']),
  },
  {
    what: 'the timer sweep off',
    wrong: ['starter.timer'],
    cure: /^Put the timer sweep back as s\.yaml has it, enabled/,
    break: () => setSweep(false),
    mend: () => setSweep(true),
  },
  {
    what: 'hints that are refused',
    wrong: ['gate.hints.starter'],
    cure: /^Give the role of the gate fc:InvokeFunction on the function of the starter/,
    break: () =>
      spine().faults.add({
        service: 'fc',
        subject: 'startgate-starter, async',
        times: null,
        fault: { kind: 'error', status: 403, code: 'SignatureNotMatch' },
      }),
    mend: () => spine().faults.clear(),
  },
  {
    what: 'a secret that is missing',
    wrong: ['gate.environment'],
    cure: /^Set it in environmentVariables of the gate in s\.yaml/,
    break: () => deployment.redeploy((document) => document, ['gate'], { VIEW_KEY: '' }),
    mend: () => deployment.redeploy((document) => document, ['gate'], { VIEW_KEY }),
  },
  {
    what: 'events of the starter that are repeated',
    wrong: ['starter.async'],
    cure: /^Set asyncInvokeConfig\.maxAsyncRetryAttempts of the starter to 0/,
    break: () => deployment.functions.reconfigure('starter', { maxAsyncRetryAttempts: 3 }),
    mend: () => deployment.functions.reconfigure('starter', { maxAsyncRetryAttempts: 0 }),
  },
]

describe('what is wrong is found, with its cure:', () => {
  test.each(BROKEN.map((broken) => [broken.what, broken] as const))('%s', async (_what, broken) => {
    await broken.break()
    try {
      const broke = await diagnose(at(deployment))
      expect(wrongIn(broke)).toEqual(broken.wrong)
      for (const check of broken.wrong)
        expect(broke.findings.find((finding) => finding.check === check)?.cure).toMatch(broken.cure)
      expect(broke.code).toBe(1)
      // What cannot be known for it is unknown, with something to do about it; nothing is called ok or wrong by chance.
      expect(broke.findings.filter(({ verdict, cure }) => verdict === 'unknown' && cure === undefined)).toEqual([])
    } finally {
      await broken.mend()
    }
    expect(wrongIn(await diagnose(at(deployment)))).toEqual([])
  })
})
