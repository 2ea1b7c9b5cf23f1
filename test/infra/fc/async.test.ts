import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createDoor, createHarness } from './harness.ts'

function attempts(logs: readonly { text: string }[]): string[] {
  return logs.flatMap(({ text }) => /attempt \d/.exec(text) ?? [])
}

describe('an asynchronous event', () => {
  it('is accepted at once and run later', async () => {
    const { compute } = createHarness()

    await compute.invoke('gate', { do: 'print' }, { async: true })
    expect(compute.logs('gate')).toEqual([])
    await compute.idle()
    expect(compute.logs('gate')).toHaveLength(2)
  })

  it('is run again after a failure, up to the configured number of times', async () => {
    const { compute } = createHarness({ maxAsyncRetryAttempts: 2 })

    await compute.invoke('gate', { do: 'failUntil', attempt: 9 }, { async: true })
    await compute.idle()
    expect(attempts(compute.logs('gate'))).toEqual(['attempt 0', 'attempt 1', 'attempt 2'])
    expect(compute.logs('gate').at(-1)?.text).toContain('dropped: it failed 3 times')
  })

  it('is not run again once it was answered', async () => {
    const { compute } = createHarness({ maxAsyncRetryAttempts: 2 })

    await compute.invoke('gate', { do: 'failUntil', attempt: 1 }, { async: true })
    await compute.idle()
    expect(attempts(compute.logs('gate'))).toEqual(['attempt 0', 'attempt 1'])
  })

  it('is not run again at all with 0 retries, also when its instance dies', async () => {
    const { compute } = createHarness({ maxAsyncRetryAttempts: 0 })

    await compute.invoke('gate', { do: 'failUntil', attempt: 9 }, { async: true })
    await compute.invoke('gate', { do: 'exit' }, { async: true })
    await compute.idle()
    expect(attempts(compute.logs('gate'))).toEqual(['attempt 0'])
    expect(compute.logs('gate').filter(({ text }) => text.includes('failed 1 times'))).toHaveLength(2)
  })

  it('waits while the function is throttled, which counts as no attempt', async () => {
    const { compute } = createHarness({ reservedConcurrency: 1, maxAsyncRetryAttempts: 0 })
    const door = await createDoor()
    const busy = compute.invoke('gate', { do: 'waitFor', url: door.url })
    await door.arrival()

    await compute.invoke('gate', { do: 'print' }, { async: true })
    // Longer than the first pause at this scale, so that it is throttled more than once.
    await delay(30)
    door.open()
    await busy
    await compute.idle()
    expect(compute.logs('gate')).toHaveLength(2)
  })

  it('is dropped when it could not be run until it was too old', async () => {
    const { compute } = createHarness({ reservedConcurrency: 0, maxAsyncEventAgeInSeconds: 5 })

    await compute.invoke('gate', {}, { async: true })
    await compute.idle()
    expect(compute.logs('gate').at(-1)?.text).toContain('dropped: it is too old')
  })

  it('that waits for another attempt does not hold up the end', async () => {
    const { compute } = createHarness({ reservedConcurrency: 0 }, { timeScale: 0.001 })

    await compute.invoke('gate', {}, { async: true })
    await compute.close()
    await compute.idle()
  })
})
