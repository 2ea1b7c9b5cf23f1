import { describe } from 'vitest'
import { itSays, type Case } from './doctor-lines.ts'
import { lost, NOW, outside, refused, reported, worldless } from './doctor-sample.ts'

const CASES: readonly Case[] = [
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
  ['starter.bytecode', outside('starter', { answer: lost }), 'unknown', /its bytecode is not known/, /See why/],
  ['policy', outside('starter', { answer: lost }), 'unknown', /starter did not answer/, /See why/],
]

describe('the lines of the functions', () => itSays(CASES))
