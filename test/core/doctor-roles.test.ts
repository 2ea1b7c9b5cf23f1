import { describe } from 'vitest'
import { TABLES } from '#core/doctor/grants.ts'
import type { Described } from '#core/doctor/report.ts'
import { itSays, type Case } from './doctor-lines.ts'
import { inWorld, SOUND, tried, type Change } from './doctor-sample.ts'

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
const other = { is: 'other', code: 'OTSServerBusy' } as const

const CASES: readonly Case[] = [
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

describe('the lines of tables and roles', () => itSays(CASES))
