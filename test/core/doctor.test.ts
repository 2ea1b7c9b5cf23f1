import { describe, expect, it } from 'vitest'
import { examine } from '#core/doctor/examine.ts'
import type { Finding, Verdict } from '#core/doctor/finding.ts'
import { ACTIONS, ACTS, TABLES } from '#core/doctor/grants.ts'
import { FUNCTIONS, reportSchema, type Described, type FunctionRole } from '#core/doctor/report.ts'
import type { Seen } from '#core/doctor/seen.ts'
import { readTables } from '#infra/local/create-tables.ts'
import { LOCAL_NAMES } from '#infra/local/create-spine.ts'
import { readRolePolicies } from '#infra/local/ram-policy.ts'
import { grantsOf } from '#support/ram.ts'
import {
  all,
  HEADERS,
  HTTP,
  ID,
  inWorld,
  NOW,
  outside,
  reported,
  SOUND,
  timer,
  tried,
  worldless,
  type Change,
} from './doctor-sample.ts'

const findAll = (seen: Seen): readonly Finding[] => examine(seen).flatMap(({ findings }) => findings)
const find = (check: string, seen: Seen) => findAll(seen).find((finding) => finding.check === check)

describe('a sound deployment', () => {
  it('is ok in every line', () => {
    const findings = findAll(SOUND)
    expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
    expect(findings.some((finding) => 'cure' in finding)).toBe(false)
    expect(new Set(findings.map(({ check }) => check)).size).toBe(findings.length)
  })

  it('is known from reports that keep their form', () => {
    for (const role of FUNCTIONS) {
      const { answer } = SOUND[role]
      if ('ok' in answer) expect(reportSchema.parse(answer.ok.report)).toEqual(answer.ok.report)
    }
  })
})

describe('what must be', () => {
  it('is said of tables as infra/tables.json says it', () => {
    const deployed = readTables().map(({ name, primaryKey, timeToLive, maxVersions, allowUpdate }) => [
      name,
      { primaryKey, timeToLive, maxVersions, allowUpdate },
    ])
    expect(TABLES).toEqual(Object.fromEntries(deployed))
  })

  it.each(FUNCTIONS)('is said of the role of the %s as infra/ram says it', (role) => {
    const granted = grantsOf(readRolePolicies(LOCAL_NAMES)[role])
      .filter(({ action }) => Object.values(ACTIONS).includes(action))
      .map(({ action, resource }) => `${action} ${resource.split('/').at(-1)}`)
    const required = ACTS[role].filter(({ must }) => must).map(({ verb, table }) => `${ACTIONS[verb]} ${table}`)
    expect(required.toSorted()).toEqual(granted.toSorted())
  })
})

const refused = { failure: 'AccessDenied', status: 403 }
const lost = { failure: 'connect ECONNREFUSED' }
const table = (name: keyof typeof TABLES, described: Described): Change => {
  const { answer } = SOUND.gate
  const tables = 'ok' in answer ? answer.ok.report.world?.tables : undefined
  return inWorld('gate', { tables: { ...tables, [name]: described } })
}
const shaped = (changes: object): Change =>
  table('asks', {
    tried: { is: 'done' },
    shape: { ...TABLES.asks, primaryKey: [...TABLES.asks.primaryKey], ...changes },
  })
const front =
  (changes: object): Change =>
  (seen) => ({
    ...seen,
    front: { url: 'https://start.example.com', answer: lost, ...seen.front, ...changes },
  })
const answered = (changes: object): Change =>
  front({ answer: { ok: { status: 200, headers: HEADERS, health: { healthy: true, problems: [] }, ...changes } } })
const other = { is: 'other', code: 'OTSServerBusy' } as const

type Case = readonly [check: string, change: Change, verdict: Verdict, says: RegExp, cure: RegExp]

const FUNCTIONS_CASES: readonly Case[] = [
  ['gate.answers', outside('gate', { answer: refused }), 'unknown', /could not be read \(403/, /may fc:InvokeFunction/],
  ['gate.answers', outside('gate', { answer: lost }), 'unknown', /\(connect ECONNREFUSED\)/, /Look at the code/],
  [
    'gate.answers',
    outside('gate', { answer: { failure: 'X', status: 404 } }),
    'wrong',
    /no function startgate-gate/,
    /--gate/,
  ],
  [
    'starter.answers',
    outside('starter', { answer: { failure: 'X', status: 429 } }),
    'wrong',
    /no instance free/,
    /at 0/,
  ],
  [
    'gate.answers',
    outside('gate', { answer: { failure: 'X', status: 200 } }),
    'wrong',
    /does not answer \(200 X\)/,
    /its log/,
  ],
  [
    'gate.answers',
    reported('gate', { function: 'starter' }),
    'wrong',
    /is the starter, not the gate/,
    /--gate and --starter/,
  ],
  ['gate.clock', outside('gate', { answer: lost }), 'unknown', /did not answer/, /See why/],
  ['gate.environment', worldless('gate'), 'wrong', /VIEW_KEY is missing/, /environmentVariables of the gate/],
  ['table.asks', worldless('gate'), 'unknown', /not set up right/, /environment right first/],
  [
    'gate.clock',
    reported('gate', { now: NOW + 600_000 }),
    'wrong',
    /10 min ahead of/,
    /reservedConcurrency of the starter/,
  ],
  ['starter.clock', reported('starter', { now: NOW - 600_000 }), 'wrong', /10 min behind/, /reservedConcurrency/],
  [
    'build',
    reported('gate', { build: '0.1.0 def' }),
    'wrong',
    /0\.1\.0 def, the starter 0\.1\.0 abc/,
    /the starter first/,
  ],
  ['policy', reported('starter', { policy: 'e'.repeat(64) }), 'wrong', /the starter eee/, /same policy/],
  [
    'policy',
    reported('starter', { policy: undefined }),
    'unknown',
    /no policy that it could read/,
    /environment right/,
  ],
  ['policy', reported('gate', { policy: undefined }), 'unknown', /no policy that it could read/, /environment right/],
  ['audience', reported('gate', { audience: '1/x/other' }), 'wrong', /the gate has/i, /STARTER_FUNCTION/],
  ['policy', outside('starter', { answer: lost }), 'unknown', /starter did not answer/, /See why/],
]

const CLOUD_CASES: readonly Case[] = [
  [
    'gate.settings',
    outside('gate', { settings: { ok: { runtime: 'nodejs18', handler: 'gate.handler', timeout: 3 } } }),
    'wrong',
    /runtime is nodejs18, not nodejs20; timeout is 3, not 120/,
    /s deploy/,
  ],
  ['gate.settings', outside('gate', { settings: refused }), 'unknown', /403/, /fc:GetFunction/],
  ['starter.timer', outside('starter', { triggers: { ok: [] } }), 'wrong', /no timer for the job sweep/, /sweep back/],
  [
    'starter.timer',
    outside('starter', { triggers: { ok: [timer('sweep', { enable: false })] } }),
    'wrong',
    /is off/,
    /enabled/,
  ],
  [
    'starter.timer',
    outside('starter', { triggers: { ok: [timer('sweep', { enable: undefined })] } }),
    'wrong',
    /is off/,
    /enabled/,
  ],
  [
    'gate.timer',
    outside('gate', { triggers: { ok: [timer('tell', { cronExpression: '@every 1h' })] } }),
    'wrong',
    /fires at @every 1h/,
    /tell back/,
  ],
  [
    'gate.timer',
    outside('gate', { triggers: { ok: [timer('tell', { cronExpression: undefined })] } }),
    'wrong',
    /at no time/,
    /tell back/,
  ],
  [
    'gate.timer',
    outside('gate', {
      triggers: {
        ok: [
          timer('tell', { payload: undefined }),
          timer('x', { payload: '{"ask":"x"}' }),
          timer('y', { payload: 'null' }),
        ],
      },
    }),
    'wrong',
    /no timer/,
    /tell back/,
  ],
  ['gate.timer', outside('gate', { triggers: refused }), 'unknown', /403/, /fc:ListTriggers/],
  [
    'gate.timer.alive',
    reported('gate', { lastTimer: undefined }),
    'unknown',
    /not called by the timer yet/,
    /two minutes/,
  ],
  ['gate.timer.alive', reported('gate', { lastTimer: NOW - 600_000 }), 'unknown', /10 min ago/, /two minutes/],
  [
    'gate.reserved',
    outside('gate', { reserved: { ok: undefined } }),
    'wrong',
    /reserves no instances/,
    /reservedConcurrency of the gate/,
  ],
  [
    'starter.reserved',
    outside('starter', { reserved: { ok: 0 } }),
    'wrong',
    /is stopped/,
    /reservedConcurrency of the starter/,
  ],
  ['starter.reserved', outside('starter', { reserved: refused }), 'unknown', /403/, /fc:GetConcurrencyConfig/],
  ['gate.http', outside('gate', { triggers: { ok: [] } }), 'wrong', /nobody reaches it/, /HTTP trigger/],
  [
    'gate.http',
    outside('gate', { triggers: { ok: [{ ...HTTP, methods: ['GET'] }] } }),
    'wrong',
    /HEAD, POST/,
    /HTTP trigger/,
  ],
  [
    'gate.http',
    outside('gate', { triggers: { ok: [{ ...HTTP, methods: undefined }] } }),
    'wrong',
    /GET, HEAD, POST/,
    /HTTP trigger/,
  ],
  [
    'gate.http',
    outside('gate', { triggers: { ok: [{ ...HTTP, authType: 'jwt' }] } }),
    'wrong',
    /asks for jwt/,
    /HTTP trigger/,
  ],
  [
    'gate.http',
    outside('gate', { triggers: { ok: [{ ...HTTP, authType: undefined }] } }),
    'wrong',
    /asks for function/,
    /HTTP trigger/,
  ],
  ['starter.unreachable', outside('starter', { triggers: { ok: [HTTP] } }), 'wrong', /http \(http\)/, /Remove/],
  ['gate.async', outside('gate', { asyncRetries: { ok: 0 } }), 'wrong', /never repeated/, /of the gate to 2/],
  [
    'starter.async',
    outside('starter', { asyncRetries: { ok: 3 } }),
    'wrong',
    /repeated 3 times/,
    /of the starter to 0/,
  ],
  ['starter.async', outside('starter', { asyncRetries: refused }), 'unknown', /403/, /fc:GetAsyncInvokeConfig/],
]

const ROLE_CASES: readonly Case[] = [
  [
    'table.asks',
    table('asks', { tried: { is: 'forbidden' } }),
    'unknown',
    /may not describe/,
    /ots:DescribeTable on asks/,
  ],
  [
    'table.asks',
    table('asks', { tried: { is: 'other', code: 'OTSObjectNotExist' } }),
    'wrong',
    /does not exist/,
    /terraform apply/,
  ],
  ['table.asks', table('asks', { tried: other }), 'unknown', /OTSServerBusy/, /Look the code up/],
  ['table.asks', inWorld('gate', { tables: {} }), 'unknown', /not tried/, /Look the code up/],
  [
    'table.asks',
    shaped({ primaryKey: [{ name: 'request', type: 'STRING' }] }),
    'wrong',
    /its key is request STRING, not request STRING, seq INTEGER/,
    /infra\/tables\.json/,
  ],
  ['table.asks', shaped({ timeToLive: 86_400 }), 'wrong', /forgets rows after 86400 s/, /infra\/tables\.json/],
  ['table.asks', shaped({ maxVersions: 2 }), 'wrong', /keeps 2 versions, not 1/, /infra\/tables\.json/],
  ['table.asks', shaped({ allowUpdate: true }), 'wrong', /may be updated/, /infra\/tables\.json/],
  [
    'table.open',
    table('open', {
      tried: { is: 'done' },
      shape: { ...TABLES.open, primaryKey: [...TABLES.open.primaryKey], allowUpdate: false },
    }),
    'wrong',
    /may not be updated/,
    /infra\/tables\.json/,
  ],
  [
    'gate.may.put.asks',
    tried('gate', 'put asks', { is: 'forbidden' }),
    'wrong',
    /cannot write asks: it must be able to/,
    /Give the role of the gate ots:PutRow/,
  ],
  [
    'gate.may-not.put.runs',
    tried('gate', 'put runs', { is: 'condition' }),
    'wrong',
    /can write runs: it must not/,
    /Take ots:PutRow on the table runs/,
  ],
  [
    'starter.may-not.put.asks',
    tried('starter', 'put asks', { is: 'done' }),
    'wrong',
    /can write asks: it must not/,
    /Take ots:PutRow on the table asks/,
  ],
  ['gate.may-not.put.runs', tried('gate', 'put runs', other), 'unknown', /OTSServerBusy/, /Look the code up/],
  ['gate.may.get.asks', inWorld('gate', { acts: {} }), 'unknown', /not tried/, /Look the code up/],
  [
    'gate.hints.starter',
    inWorld('gate', { invokes: { starter: { is: 'forbidden', code: 'AccessDenied' } } }),
    'wrong',
    /to the starter are not accepted \(AccessDenied\)/,
    /fc:InvokeFunction on the function of the starter/,
  ],
  [
    'gate.hints.gate',
    inWorld('gate', { invokes: { gate: { is: 'other' } } }),
    'wrong',
    /to itself are not accepted \(other\)/,
    /INVOKE_ENDPOINT/,
  ],
  ['starter.hints.gate', inWorld('starter', { invokes: {} }), 'wrong', /not tried/, /fc:InvokeFunction/],
]

const INSTANCE_CASES: readonly Case[] = [
  [
    'gate.may.describe',
    inWorld('gate', { looks: { is: 'forbidden' } }),
    'wrong',
    /may not describe/,
    /ecs:DescribeInstances/,
  ],
  [
    'gate.may.describe',
    inWorld('gate', { looks: { is: 'other', code: 'Deadline' } }),
    'unknown',
    /Deadline/,
    /Look the code up/,
  ],
  [
    'starter.may.describe',
    inWorld('starter', { visible: [] }),
    'wrong',
    /does not see i-bp1reporting/,
    /ecs:DescribeInstances/,
  ],
  [
    'starter.may.describe',
    all(inWorld('starter', { visible: [] }), inWorld('gate', { visible: [] })),
    'unknown',
    /Neither function sees/,
    /--instance/,
  ],
  [
    'starter.may.describe',
    all(inWorld('starter', { visible: [] }), outside('gate', { answer: lost })),
    'unknown',
    /Neither function sees/,
    /--instance/,
  ],
  [
    'starter.may.describe',
    all(inWorld('starter', { visible: [] }), worldless('gate')),
    'unknown',
    /Neither function sees/,
    /--instance/,
  ],
  [
    'gate.may-not.start',
    inWorld('gate', { starts: { [ID]: { is: 'done' } } }),
    'wrong',
    /may start i-bp1reporting/,
    /Take ecs:StartInstance/,
  ],
  [
    'gate.may-not.start',
    inWorld('gate', { starts: { [ID]: { is: 'other' } } }),
    'unknown',
    /other/,
    /Look the code up/,
  ],
  ['gate.may-not.start', inWorld('gate', { starts: {} }), 'unknown', /No instance is known/, /--instance/],
  [
    'gate.may-not.start',
    inWorld('gate', { starts: { [ID]: { is: 'other', code: 'InvalidInstanceId.NotFound' } } }),
    'unknown',
    /No instance is known/,
    /--instance/,
  ],
  [
    'starter.may.start',
    inWorld('starter', { starts: { [ID]: { is: 'forbidden' } } }),
    'wrong',
    /may not start i-bp1reporting/,
    /Tag the instance/,
  ],
  [
    'starter.may.start',
    inWorld('starter', { starts: { [ID]: { is: 'other', code: 'ServiceUnavailable' } } }),
    'unknown',
    /ServiceUnavailable/,
    /Look the code up/,
  ],
  [
    'starter.may.start',
    inWorld('starter', { starts: { 'i-nobody': { is: 'forbidden' } } }),
    'unknown',
    /No instance is known/,
    /--instance/,
  ],
]

const FRONT_CASES: readonly Case[] = [
  ['address.domain', () => ({ ...SOUND, front: undefined }), 'unknown', /not known/, /--url/],
  ['address.domain', front({ url: 'http://start.example.com' }), 'wrong', /no TLS/, /custom domain/],
  [
    'address.domain',
    front({ url: 'https://abc.cn-hangzhou.fcapp.run' }),
    'wrong',
    /platform’s own domain/,
    /custom domain/,
  ],
  [
    'address.same',
    front({ url: 'https://other.example.com' }),
    'wrong',
    /tells people the address https:\/\/start/,
    /PUBLIC_URL/,
  ],
  ['address.same', inWorld('gate', { publicUrl: undefined }), 'wrong', /\(none\)/, /PUBLIC_URL/],
  ['address.answers', front({ answer: lost }), 'wrong', /could not be reached: connect ECONNREFUSED/, /certificate/],
  ['address.answers', answered({ status: 502, health: undefined }), 'wrong', /answered 502/, /certificate/],
  [
    'address.answers',
    answered({ headers: { 'content-disposition': 'attachment' } }),
    'wrong',
    /content type is changed; its headers are left out; it is made a download/,
    /domain/,
  ],
  [
    'address.logs',
    answered({ headers: { ...HEADERS, 'x-fc-log-result': 'aGk=' } }),
    'wrong',
    /last lines of the gate’s log/,
    /X-Fc-Log-Type/,
  ],
  ['address.logs', front({ answer: lost }), 'unknown', /was not reached/, /does not answer/],
  [
    'health',
    answered({ status: 503, health: { healthy: false, problems: ['nothing starts'] } }),
    'wrong',
    /says: nothing starts/,
    /log of the starter/,
  ],
  ['health', answered({ status: 500, health: undefined }), 'unknown', /does not say/, /does not answer/],
]

describe.each([
  ['of the functions', FUNCTIONS_CASES],
  ['of Function Compute', CLOUD_CASES],
  ['of tables and roles', ROLE_CASES],
  ['of instances', INSTANCE_CASES],
  ['of the address', FRONT_CASES],
])('the lines %s', (_, cases) => {
  it.each(cases)('%s (%#)', (check, change, verdict, says, cure) => {
    const finding = find(check, change(SOUND))
    expect(finding).toMatchObject({
      check,
      verdict,
      says: expect.stringMatching(says),
      cure: expect.stringMatching(cure),
    })
  })
})

it('what is on this very computer needs no domain, and a clock may be off a little', () => {
  expect(find('address.domain', front({ url: 'http://localhost:8080' })(SOUND))?.verdict).toBe('ok')
  const off = (ms: number, role: FunctionRole = 'gate') =>
    find(`${role}.clock`, reported(role, { now: NOW + ms })(SOUND))
  expect(off(90_000)).toMatchObject({ verdict: 'ok', says: expect.stringContaining('2 min') })
  expect(off(-2000, 'starter')).toMatchObject({ verdict: 'ok', says: expect.stringContaining('2 s') })
})
