import { describe, expect, it } from 'vitest'
import { KNOCK, parseEvent } from '#adapters/fc/event.ts'
import { readEvent, timer, toBytes } from './fixtures.ts'

const ID = `req_${'0'.repeat(32)}`
const SEALED = {
  chat: {
    kind: 'tapped',
    id: 'tap-1',
    by: { platform: 'slack', tenant: 'T1', user: 'U1' },
    at: 1,
    button: 'deny',
    request: ID,
  },
  seal: '0'.repeat(64),
}

describe('an event', () => {
  it.each(['get', 'post-base64', 'post-text', 'head'])('of HTTP is known (%s)', (name) => {
    expect(parseEvent(toBytes(readEvent(name)))).toMatchObject({ kind: 'http', http: { version: 'v1' } })
  })

  it('of a timer names its job', () => {
    expect(parseEvent(toBytes(readEvent('timer')))).toEqual({ kind: 'job', job: 'tell' })
    expect(parseEvent(timer({ job: 'sweep' }))).toEqual({ kind: 'job', job: 'sweep' })
  })

  it('of a timer that asks names its schedule and its own time', () => {
    const triggerTime = '2026-11-23T07:30:00Z'
    expect(parseEvent(timer({ ask: 'nightly' }, triggerTime))).toEqual({
      kind: 'ask',
      schedule: 'nightly',
      triggerTime,
    })
  })

  it('of a hint names its request', () => {
    expect(parseEvent(toBytes({ hint: ID }))).toEqual({ kind: 'hint', request: ID })
  })

  it('of startgate doctor names the instances to try dry runs on', () => {
    const doctor = { instances: ['i-bp1reporting'] }
    expect(parseEvent(toBytes({ doctor }))).toEqual({ kind: 'doctor', instances: ['i-bp1reporting'] })
  })

  it('that only knocks is known', () => {
    expect(parseEvent(toBytes(KNOCK))).toEqual({ kind: 'knock' })
  })

  it('of a chat is what was sealed', () => {
    expect(parseEvent(toBytes(SEALED))).toEqual({ kind: 'chat', sealed: SEALED })
  })

  it.each([
    ['a doctor who names what is no instance', toBytes({ doctor: { instances: ['everything'] } })],
    ['a doctor who names too much', toBytes({ doctor: { instances: Array(21).fill('i-bp1reporting') } })],
    ['a doctor who says more', toBytes({ doctor: { instances: [], put: 'asks' } })],
    ['no JSON', Buffer.from('tell')],
    ['nothing', Buffer.alloc(0)],
    ['null', toBytes(null)],
    ['a list', toBytes([{ hint: ID }])],
    ['a hint of no request', toBytes({ hint: 'req_1' })],
    ['a hint with more to say', toBytes({ hint: ID, approved: true })],
    ['a timer without a payload', toBytes({ triggerTime: '2026-11-23T09:00:00Z', triggerName: 'tell' })],
    ['a timer with a payload that is no JSON', timer('tell')],
    ['a timer with an unknown job', timer({ job: 'start' })],
    ['a timer with two jobs', timer({ job: 'tell', ask: 'nightly' })],
    ['a timer with a payload for itself', timer({ ask: 'Nightly!' })],
    ['a timer at no time', timer({ job: 'tell' }, 'now')],
  ])('is unknown when it is %s', (_, bytes) => {
    expect(parseEvent(bytes)).toEqual({ kind: 'unknown', answered: false })
  })

  it.each([
    ['another version', { version: 'v2' }],
    ['a path that could name a host', { rawPath: '@attacker.example.com/' }],
    ['no method', { requestContext: { http: {} } }],
    ['an odd method', { requestContext: { http: { method: 'get' } } }],
    ['a header that is no text', { headers: { Accept: ['a', 'b'] } }],
  ])('of HTTP with %s is unknown, and somebody waits for an answer', (_, change) => {
    expect(parseEvent(toBytes({ ...readEvent('get'), ...change }))).toEqual({ kind: 'unknown', answered: true })
  })

  it('of HTTP stays one, whatever else is in it', () => {
    expect(parseEvent(toBytes({ ...readEvent('get'), hint: ID, triggerName: 'x' }))).toMatchObject({ kind: 'http' })
  })
})
