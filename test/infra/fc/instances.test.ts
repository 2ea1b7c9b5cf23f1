import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDoor, createHarness, textOf } from './harness.ts'

describe('one request', () => {
  it('gets the event and a context with credentials of its own', async () => {
    const { compute, spine } = createHarness()

    const first = JSON.parse(textOf(await compute.invoke('gate', { do: 'echo' })))
    const second = JSON.parse(textOf(await compute.invoke('gate', { do: 'echo' })))

    expect(first.context).toMatchObject({
      function: { name: 'startgate-gate', handler: 'probe.handler', memory: 512, timeout: 3000 },
      service: { qualifier: 'LATEST' },
      region: spine.region,
      accountId: spine.accountId,
      retryCount: 0,
    })
    expect(spine.credentials.find(first.context.credentials.accessKeyId)).toMatchObject({
      role: 'gate',
      functionInstance: compute.instances()[0]?.id,
      ...first.context.credentials,
    })
    expect(second.context.credentials.accessKeyId).not.toBe(first.context.credentials.accessKeyId)
    expect(second.context.requestId).not.toBe(first.context.requestId)
  })

  it('sees the documented environment, and nothing of the machine', async () => {
    const environment = { gate: { OWN: 'yes', FC_REGION: 'overruled' } }
    const { compute, spine } = createHarness({}, { environment })

    const { env } = JSON.parse(textOf(await compute.invoke('gate', {})))

    expect(env).toMatchObject({
      OWN: 'yes',
      FC_REGION: spine.region,
      FC_ACCOUNT_ID: spine.accountId,
      FC_FUNCTION_NAME: 'startgate-gate',
      FC_INSTANCE_ID: compute.instances()[0]?.id,
      TZ: 'UTC',
    })
    expect(env.ALIBABA_CLOUD_ACCESS_KEY_ID).toMatch(/^STS\./)
    expect(env).not.toHaveProperty('HOME')
  })

  it('answers a Buffer as it is, an object as JSON, anything else as text', async () => {
    const { compute } = createHarness()
    const body = async (action: string) => {
      const outcome = await compute.invoke('gate', { do: action })
      return outcome.kind === 'answered' ? outcome.body : undefined
    }

    expect(await body('buffer')).toEqual(Buffer.from([0, 255, 1]))
    expect(await body('text')).toEqual(Buffer.from('plain'))
    expect(await body('number')).toEqual(Buffer.from('42'))
    expect(await body('nothing')).toEqual(Buffer.from(''))
    expect(textOf(await compute.invoke('gate', 'bare text'))).toBe('got bare text')
  })

  it('fails with message, type and stack when the handler throws, and the instance lives on', async () => {
    const { compute } = createHarness()

    expect(await compute.invoke('gate', { do: 'throw' })).toMatchObject({
      kind: 'failed',
      error: {
        errorMessage: 'out of reach',
        errorType: 'RangeError',
        stackTrace: expect.arrayContaining([expect.stringContaining('probe.mjs')]),
      },
    })
    expect(await compute.invoke('gate', { do: 'throwText' })).toMatchObject({
      error: { errorMessage: 'just text', errorType: 'string' },
    })
    expect(JSON.parse(textOf(await compute.invoke('gate', {}))).count).toBe(3)
  })

  it('fails when there is no such module or no such function in it', async () => {
    const { compute: absent } = createHarness({ handler: 'absent.handler' })
    const { compute: broken } = createHarness({ handler: 'broken.handler' })

    expect(await absent.invoke('gate', {})).toMatchObject({ kind: 'failed', error: { errorType: 'Error' } })
    expect(await broken.invoke('gate', {})).toMatchObject({ kind: 'failed', error: { errorType: 'TypeError' } })
  })

  it('keeps what a function prints, with the request that it printed it for', async () => {
    const { compute } = createHarness()

    const { requestId } = await compute.invoke('gate', { do: 'print' })

    expect(compute.logs('gate')).toMatchObject([
      { requestId, text: 'to stdout\n' },
      { requestId, text: 'to stderr\n' },
    ])
    expect(compute.logs('starter')).toEqual([])
  })
})

describe('the initializer', () => {
  it('runs once per instance, and again when it failed', async () => {
    const environment = { gate: { FAIL_FIRST_INITIALIZATION: 'yes' } }
    const { compute } = createHarness({ initializer: 'probe.initialize' }, { environment })

    expect(await compute.invoke('gate', {})).toMatchObject({ kind: 'failed', error: { errorMessage: 'not ready yet' } })
    await compute.invoke('gate', {})
    expect(JSON.parse(textOf(await compute.invoke('gate', {})))).toMatchObject({ count: 2, initializations: 2 })
  })
})

describe('an instance', () => {
  it('takes one request at a time: a second one at once gets an instance of its own', async () => {
    const { compute } = createHarness()
    const door = await createDoor()

    const both = [1, 2].map(async () => await compute.invoke('gate', { do: 'waitFor', url: door.url }))
    await door.arrival()
    await door.arrival()
    expect(compute.instances().map(({ fn, busy }) => [fn, busy])).toEqual([
      ['gate', true],
      ['gate', true],
    ])
    door.open()
    await Promise.all(both)

    await compute.invoke('gate', {})
    expect(compute.instances()).toHaveLength(2)
  })

  it('is not added beyond the reserved concurrency', async () => {
    const { compute } = createHarness({ reservedConcurrency: 1 })
    const door = await createDoor()

    const first = compute.invoke('gate', { do: 'waitFor', url: door.url })
    await door.arrival()
    expect(await compute.invoke('gate', {})).toMatchObject({ kind: 'throttled' })
    door.open()
    await first
    expect(await compute.invoke('gate', {})).toMatchObject({ kind: 'answered' })
  })

  it('is not started at all at a reserved concurrency of 0', async () => {
    const { compute } = createHarness({ reservedConcurrency: 0 })

    expect(await compute.invoke('gate', {})).toMatchObject({ kind: 'throttled' })
    expect(compute.instances()).toEqual([])
  })

  it('stands still after its answer: work that nobody awaited stops, and goes on when it thaws', async () => {
    const { compute, printed } = createHarness()

    expect(textOf(await compute.invoke('gate', { do: 'linger' }))).toBe('answered')
    const [instance] = compute.instances()
    expect(instance?.state).toBe('frozen')
    await delay(40)
    expect(compute.logs('gate')).toEqual([])

    compute.thaw(instance?.id ?? '')
    await printed('tick 3')
  })

  it('goes on with such work while it runs its next request', async () => {
    const { compute } = createHarness()
    const [later, door] = [await createDoor(), await createDoor()]

    await compute.invoke('gate', { do: 'callLater', url: later.url })
    await delay(20)
    expect(later.waiting()).toBe(0)

    const arrived = later.arrival()
    const next = compute.invoke('gate', { do: 'waitFor', url: door.url })
    await arrived
    await door.arrival()
    door.open()
    expect(textOf(await next)).toBe('open')
    expect(compute.instances()).toHaveLength(1)
  })

  it('stops in the middle of a request when it is frozen, and goes on by itself', async () => {
    const { compute } = createHarness()
    const door = await createDoor()
    const running = compute.invoke('gate', { do: 'waitFor', url: door.url })
    await door.arrival()
    const [id = ''] = compute.instances().map((each) => each.id)

    compute.freeze(id, 400)
    door.open()
    const first = await Promise.race([running.then(() => 'answered'), delay(50, 'still stopped')])
    expect(first).toBe('still stopped')
    expect(compute.instances()[0]?.state).toBe('stopped')
    expect(textOf(await running)).toBe('open')
  })

  it('can be thawed before its time', async () => {
    const { compute } = createHarness()
    const door = await createDoor()
    const running = compute.invoke('gate', { do: 'waitFor', url: door.url })
    await door.arrival()
    const [id = ''] = compute.instances().map((each) => each.id)

    compute.freeze(id, 60_000)
    door.open()
    compute.thaw(id)
    expect(textOf(await running)).toBe('open')
  })

  it('serves again after it was stopped while it stood still', async () => {
    const { compute } = createHarness()
    await compute.invoke('gate', {})
    compute.freeze(compute.instances()[0]?.id ?? '', 60_000)

    expect(JSON.parse(textOf(await compute.invoke('gate', {}))).count).toBe(2)
  })

  it('is reclaimed when nobody needs it for long', async () => {
    const { compute } = createHarness({}, { idleMs: 20 })
    const pid = JSON.parse(textOf(await compute.invoke('gate', {}))).env.FC_INSTANCE_ID
    while (compute.instances().length > 0) await delay(5)

    expect(JSON.parse(textOf(await compute.invoke('gate', {}))).env.FC_INSTANCE_ID).not.toBe(pid)
  })
})

describe('a new deployment', () => {
  it('serves later requests, ends idle instances, and lets what runs end with the old files', async () => {
    const { compute } = createHarness()
    const fresh = await mkdtemp(join(tmpdir(), 'startgate-fc-'))
    onTestFinished(async () => await rm(fresh, { recursive: true }))
    await writeFile(join(fresh, 'probe.mjs'), "export const handler = () => 'the new files'")
    const door = await createDoor()
    const running = compute.invoke('gate', { do: 'waitFor', url: door.url })
    await door.arrival()
    await compute.invoke('gate', {})
    const [idle, busy] = compute.instances()

    compute.deploy('gate', fresh)

    expect(textOf(await compute.invoke('gate', {}))).toBe('the new files')
    door.open()
    expect(textOf(await running)).toBe('open')
    while (compute.instances().length > 1) await delay(5)
    expect([idle?.id, busy?.id]).not.toContain(compute.instances()[0]?.id)
    expect(textOf(await compute.invoke('gate', {}))).toBe('the new files')
    expect(JSON.parse(textOf(await compute.invoke('starter', {}))).count).toBe(1)
  })
})

describe('the end of an instance', () => {
  it('fails the request that it had, and the next one gets another instance', async () => {
    const { compute, printed } = createHarness()
    const running = compute.invoke('gate', { do: 'hang' })
    await printed('hanging')

    compute.kill(compute.instances()[0]?.id ?? '')
    expect(await running).toMatchObject({ kind: 'failed', error: { errorType: 'ProcessExited' } })
    expect(JSON.parse(textOf(await compute.invoke('gate', {}))).count).toBe(1)
  })

  it('also when it exits by itself or nobody catches an error', async () => {
    const { compute, printed } = createHarness()

    expect(await compute.invoke('gate', { do: 'exit' })).toMatchObject({
      kind: 'failed',
      error: { errorMessage: expect.stringContaining('code 3') },
    })
    expect(await compute.invoke('gate', { do: 'crashLater' })).toMatchObject({ kind: 'failed' })
    await printed('nobody catches this')
    expect(compute.instances()).toEqual([])
  })

  it('comes when a request outlives the timeout, even one that blocks its thread', async () => {
    const { compute } = createHarness({ timeout: 80 })

    const outcomes = await Promise.all([
      compute.invoke('gate', { do: 'hang' }),
      compute.invoke('gate', { do: 'block' }),
    ])
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ kind: 'failed', error: { errorType: 'FunctionTimeout' } })
    }
    expect(await compute.invoke('gate', {})).toMatchObject({ kind: 'answered' })
  })

  it('is not waited for when it comes during a freeze', async () => {
    const { compute, printed } = createHarness()
    const running = compute.invoke('gate', { do: 'hang' })
    await printed('hanging')
    const [id = ''] = compute.instances().map((each) => each.id)

    compute.freeze(id, 60_000)
    compute.kill(id)
    expect(await running).toMatchObject({ kind: 'failed' })
  })
})
