// The small things that all platforms share.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cut, fit } from '#adapters/chat/fit.ts'
import { toApi } from '#adapters/chat/origin.ts'
import { createSeen } from '#adapters/chat/seen.ts'
import { MINUTE } from '#core/durations.ts'

describe('where the APIs are', () => {
  it('is fixed', () => {
    expect((['dingtalk', 'feishu', 'lark', 'slack'] as const).map((site) => toApi(site, undefined))).toEqual([
      'https://api.dingtalk.com',
      'https://open.feishu.cn',
      'https://open.larksuite.com',
      'https://slack.com',
    ])
  })

  it('can be on this very computer, where each platform has its folder', () => {
    expect(toApi('lark', 'http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080/feishu')
    expect(toApi('slack', 'http://localhost:1')).toBe('http://localhost:1/slack')
    expect(toApi('dingtalk', 'http://[::1]:1')).toBe('http://[::1]:1/dingtalk')
  })

  it.each([
    '',
    'http://127.0.0.1',
    'http://127.0.0.1:8080/',
    'https://127.0.0.1:8080',
    'http://127.0.0.1:8080@evil.example:80',
    'http://127.0.0.1.evil.example:80',
    'http://localhost.evil.example:80',
    'http://10.0.0.1:80',
    'http://evil.example:80\nhttp://127.0.0.1:8080',
  ])('can be nowhere else: %j', (endpoint) => {
    expect(() => toApi('slack', endpoint)).toThrow('loopback')
  })
})

describe('calls that were seen', () => {
  const seenAt = () => {
    let now = 0
    return { seen: createSeen({ monotonic: () => now }), wait: (ms: number) => void (now += ms) }
  }

  it('are taken once', () => {
    const { seen } = seenAt()

    expect([seen.take('a'), seen.take('b'), seen.take('a'), seen.take('b')]).toEqual([true, true, false, false])
  })

  it('are known for as long as they can be valid, from when they were taken', () => {
    const { seen, wait } = seenAt()
    seen.take('a')
    wait(65 * MINUTE)
    expect(seen.take('a')).toBe(false)
    wait(1)
    expect(seen.take('a')).toBe(true)
    expect(seen.take('a')).toBe(false)
  })

  it('can be given back', () => {
    const { seen } = seenAt()
    seen.take('a')
    seen.take('b')
    seen.giveBack('a')

    expect([seen.take('a'), seen.take('b')]).toEqual([true, false])
  })

  it('are not remembered without end: the oldest goes first', () => {
    const { seen } = seenAt()
    for (let n = 0; n <= 10_000; n += 1) seen.take(`call ${n}`)

    expect(seen.take('call 10000')).toBe(false)
    expect(seen.take('call 1')).toBe(false)
    expect(seen.take('call 0')).toBe(true)
  })
})

describe('a text that is too long', () => {
  it.each([
    ['four', 4, 'four'],
    ['fives', 4, 'fiv…'],
    ['🚀🚀', 4, '🚀🚀'],
    ['🚀🚀🚀', 4, '🚀…'],
    ['🚀🚀🚀', 5, '🚀🚀…'],
    ['', 4, ''],
    ['x', 0, '…'],
  ])('is cut: %s to %i', (text, most, shown) => {
    expect(cut(text, most)).toBe(shown)
  })

  it('is cut so that it is short enough escaped, and no escape is broken', () => {
    const escape = (each: string): string => (each === '<' ? '&lt;' : each)
    fc.assert(
      fc.property(fc.array(fc.constantFrom('<', 'a', '🚀', '启')), fc.integer({ min: 1, max: 40 }), (parts, most) => {
        const shown = cut(parts.join(''), most, escape)
        const whole = parts.map(escape).join('')
        expect(shown.length).toBeLessThanOrEqual(most)
        expect(shown === whole || (shown.endsWith('…') && whole.startsWith(shown.slice(0, -1)))).toBe(true)
        expect(shown === whole).toBe(whole.length <= most)
        expect(Buffer.from(shown).toString()).toBe(shown)
        expect(shown.replaceAll('&lt;', '')).not.toMatch(/[&;]/)
      }),
    )
  })

  it('is cut no further than it must be', () => {
    const layOut = (each: number): string => cut('x'.repeat(1000), each)

    expect(fit(layOut, () => true)).toHaveLength(600)
    expect(fit(layOut, (text) => text.length <= 100)).toHaveLength(75)
    expect(fit(layOut, () => false)).toHaveLength(40)
  })
})
