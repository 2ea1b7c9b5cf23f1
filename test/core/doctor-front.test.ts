import { describe } from 'vitest'
import { itSays, type Case } from './doctor-lines.ts'
import { front, HEADERS, inWorld, lost, SOUND, type Change } from './doctor-sample.ts'

const answered = (changes: object): Change =>
  front({ answer: { ok: { status: 200, headers: HEADERS, health: { healthy: true, problems: [] }, ...changes } } })

const CASES: readonly Case[] = [
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

describe('the lines of the address', () => itSays(CASES))
