import { describe } from 'vitest'
import { itSays, type Case } from './doctor-lines.ts'
import { HTTP, NOW, outside, refused, reported, timer } from './doctor-sample.ts'

const CASES: readonly Case[] = [
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

describe('the lines of Function Compute', () => itSays(CASES))
