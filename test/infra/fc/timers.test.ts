import { describe, expect, it } from 'vitest'
import { parseCron } from '#infra/local/fc/cron.ts'
import { createHarness } from './harness.ts'

const tell = { triggerName: 'tell', cronExpression: '@every 1m', enable: true, payload: '{"job":"tell"}' }

describe('a timer', () => {
  it('fires by itself, as often as the scale says', async () => {
    const { compute, printed } = createHarness({ timers: [tell] }, { timers: true, timeScale: 1000 })

    await printed('"triggerName":"tell"')
    await compute.close()
  })

  it('fires by hand, with a time of one second and the payload as text', async () => {
    const { compute } = createHarness({ timers: [{ ...tell, enable: false }] }, { timers: true })

    compute.fireTimer('starter', 'tell', Date.parse('2026-11-23T08:00:00.789Z'))
    await compute.idle()
    expect(compute.logs('starter').map(({ text }) => JSON.parse(text))).toEqual([
      { triggerTime: '2026-11-23T08:00:00Z', triggerName: 'tell', payload: '{"job":"tell"}' },
    ])
  })

  it('does not fire when it is disabled, or when timers are switched off', async () => {
    const disabled = createHarness({ timers: [{ ...tell, enable: false }] }, { timers: true, timeScale: 60_000 })
    const off = createHarness({ timers: [tell] }, { timers: false, timeScale: 60_000 })

    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(disabled.compute.instances()).toEqual([])
    expect(off.compute.instances()).toEqual([])
  })

  it('cannot be fired under a name that it does not have', () => {
    const { compute } = createHarness({ timers: [tell] })

    expect(() => compute.fireTimer('gate', 'sweep')).toThrow('There is no timer sweep')
  })
})

describe('a schedule', () => {
  it.each([
    ['0 * * * * *', '2026-11-23T08:00:30Z', '2026-11-23T08:01:00.000Z'],
    ['*/20 * * * * *', '2026-11-23T08:00:40Z', '2026-11-23T08:01:00.000Z'],
    ['0 0 8 * * *', '2026-11-23T08:00:00Z', '2026-11-24T08:00:00.000Z'],
    ['0 30 6 ? * 1-5', '2026-11-20T07:00:00Z', '2026-11-23T06:30:00.000Z'],
    ['0 0 0 29 2 *', '2026-11-23T08:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 12 1 * 7', '2026-11-23T08:00:00Z', '2026-11-29T12:00:00.000Z'],
    ['0 5/25 8,20 * * *', '2026-11-23T08:31:00Z', '2026-11-23T08:55:00.000Z'],
    ['CRON_TZ=Asia/Shanghai 0 0 8 * * *', '2026-11-23T08:00:00Z', '2026-11-24T00:00:00.000Z'],
    ['CRON_TZ=Asia/Kolkata 0 0 8 * * *', '2026-11-23T08:00:00Z', '2026-11-24T02:30:00.000Z'],
    // The hour that summer time leaves out does not fire.
    ['CRON_TZ=Europe/Berlin 0 30 2 * * *', '2026-03-28T02:00:00Z', '2026-03-30T00:30:00.000Z'],
    ['@every 90s', '2026-11-23T08:00:00Z', '2026-11-23T08:01:30.000Z'],
    ['@every 4m', '2026-11-23T08:00:00Z', '2026-11-23T08:04:00.000Z'],
  ])('%s after %s is %s', (expression, after, next) => {
    expect(new Date(parseCron(expression).next(Date.parse(after))).toISOString()).toBe(next)
  })

  it.each([
    ['*/5 * * * *', 'must have 6 fields, seconds first, and has 5'],
    ['0 60 * * * *', 'is not a valid minute (0 to 59)'],
    ['0 0 0 0 * *', 'is not a valid day of month'],
    ['0 0 0 L * *', 'is not a valid day of month'],
    ['0 0 9-8 * * *', 'is not a valid hour'],
    ['0 0 */0 * * *', 'is not a valid hour'],
    ['0  0 0 * * *', 'must have 6 fields'],
    ['CRON_TZ=Moon/Crater 0 0 0 * * *', 'Invalid time zone'],
    ['@every 1d', 'must have 6 fields'],
    ['@daily', 'must have 6 fields'],
  ])('%s is refused', (expression, reason) => {
    expect(() => parseCron(expression)).toThrow(reason)
  })

  it('that can never come is found when its next time is asked for', () => {
    expect(() => parseCron('0 0 0 31 2 *').next(Date.parse('2026-11-23T08:00:00Z'))).toThrow('never fires')
  })
})
