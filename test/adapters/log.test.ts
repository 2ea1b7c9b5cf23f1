import { describe, expect, it } from 'vitest'
import { createLog } from '#adapters/log.ts'

function setup() {
  const lines: string[] = []
  const clock = { now: () => Date.UTC(2026, 10, 23, 9) }
  const log = createLog({ clock, call: () => 'call-1', write: (line) => void lines.push(line) })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> }
}

describe('the log', () => {
  it('writes one line of JSON per event', () => {
    const { log, lines } = setup()
    log.info('ask.requested', { request: 'req_1', n: 1, deep: { list: [1, null, true] } })
    log.warn('hint.failed', {})
    log.error('sweep.failed', { text: 'two\nlines' })

    expect(lines).toEqual([
      '{"at":"2026-11-23T09:00:00.000Z","level":"info","event":"ask.requested","call":"call-1","request":"req_1","n":1,"deep":{"list":[1,null,true]}}\n',
      '{"at":"2026-11-23T09:00:00.000Z","level":"warn","event":"hint.failed","call":"call-1"}\n',
      '{"at":"2026-11-23T09:00:00.000Z","level":"error","event":"sweep.failed","call":"call-1","text":"two\\nlines"}\n',
    ])
  })

  it('lets no fact pass for the level, the event, the time or the call', () => {
    const { log, last } = setup()
    log.warn('hint.failed', { level: 'info', event: 'told', at: 0, call: 'another' })

    expect(last()).toEqual({ at: '2026-11-23T09:00:00.000Z', level: 'warn', event: 'hint.failed', call: 'call-1' })
  })

  it('says which request a line is about, also where only a text names it', () => {
    const { log, last } = setup()
    const [one, other] = ['1', '2'].map((digit) => `req_${digit.repeat(32)}`)
    log.warn('record.failed', { what: `put denied into asks of ${one} at 2` })
    const found = last()['request']
    log.warn('record.failed', { what: `put denied into asks of ${one} at 2`, request: other })

    expect([found, last()['request']]).toEqual([one, other])
    log.info('swept', { seen: 1 })
    expect(last()).not.toHaveProperty('request')
  })

  it('takes out what is named like a secret, however deep', () => {
    const { log, last } = setup()
    const names = ['token', 'securityToken', 'accessKeyId', 'accessKeySecret', 'Authorization', 'cookie', 'password']
    log.info('x', { deep: [Object.fromEntries(names.map((name) => [name, 'sekret']))] })

    expect(last()['deep']).toEqual([Object.fromEntries(names.map((name) => [name, '[redacted]']))])
  })

  it.each([
    ['a token', 'got eyJhbGciOiJFZERTQSJ9.eyJ2IjoxfQ.c2lnbmF0dXJl there', 'got [token] there'],
    [
      'the query of a URL',
      'POST https://ecs.example/?SecurityToken=sekret failed',
      'POST https://ecs.example/?[query] failed',
    ],
    ['a key id', 'key STS.NUabc123 and LTAI5tabc', 'key [key] and [key]'],
    ['an authorization', 'sent Bearer sekret', 'sent Bearer [redacted]'],
  ])('takes out %s inside a text', (_, text, clean) => {
    const { log, last } = setup()
    log.info('x', { text })

    expect(last()['text']).toBe(clean)
  })

  it('tells an error by name, code, message, frames and cause, and none of its other fields', () => {
    const { log, last } = setup()
    const cause = new Error('GET http://x/?token=sekret')
    const error = Object.assign(new Error('it failed', { cause }), { code: 'E1', headers: { authorization: 'sekret' } })
    log.error('x', { error })
    const shown = last()['error'] as Record<string, unknown>

    expect(shown).toMatchObject({
      name: 'Error',
      code: 'E1',
      message: 'it failed',
      cause: { message: 'GET http://x/?[query]' },
    })
    expect(shown['frames']).toContainEqual(expect.stringContaining('log.test.ts'))
    expect(JSON.stringify(shown)).not.toContain('sekret')
  })

  it('fails on nothing that it is given', () => {
    const { log, last } = setup()
    const endless: Record<string, unknown> = {}
    endless['self'] = endless
    log.info('x', { endless, big: 10n, none: undefined, nan: Number.NaN, mark: Symbol('s') })

    expect(last()).toMatchObject({ big: '10', nan: null, mark: 'Symbol(s)' })
    expect(JSON.stringify(last())).toContain('[deeper]')
  })
})
