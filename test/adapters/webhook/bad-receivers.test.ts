// Receivers that are dead, slow or lie, down to the bytes on the socket; and the whole story told to one that is all of that.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { parseSigningKey } from '#adapters/webhook/keys.ts'
import { createMessenger } from '#adapters/webhook/messenger.ts'
import type { Telling } from '#core/telling.ts'
import { approve } from '#flow/decide.ts'
import { tell } from '#flow/tell.ts'
import { isSignedV1a, startReceiver, verifyV1 } from '#support/receiver.ts'
import { createWorld } from '#support/world.ts'

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const KEY = parseSigningKey(`whsk_${Buffer.alloc(32, 3).toString('base64')}`)
const PROBLEM = { type: 'urn:startgate:locked', title: 'Locked', status: 409, detail: 'It is locked.' }
const TELLING = {
  kind: 'schedule_refused',
  id: 'nightly@2026-11-23T07:30:00Z',
  at: 0,
  schedule: 'nightly',
  owner: 'alice',
  problem: PROBLEM,
} as unknown as Telling

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

function messengerTo(urls: Readonly<Record<string, string>>, deliverTimeout = 5000) {
  return createMessenger({
    policy: { receivers: Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, { url }])) },
    publicUrl: 'https://startgate.example.com',
    signingKey: () => KEY,
    secrets: () => ({ current: SECRET }),
    clock: { now: () => Date.now() },
    durations: { deliverTimeout },
  })
}

/** Answers these bytes as soon as anything arrives. `closed`: when the other side has let go of it. */
async function serve(answer: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  let letGo = (): void => {}
  const closed = new Promise<void>((resolve) => (letGo = resolve))
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => letGo())
    socket.once('data', () => answer(socket))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, closed }
}

const deliver = async (answer: (socket: Socket) => void, timeout?: number) => {
  const { url } = await serve(answer)
  return messengerTo({ tool: url }, timeout).deliver('tool', TELLING)
}

describe('a receiver that took it', () => {
  it.each([
    ['and break off', 'HTTP/1.1 200 OK\r\ncontent-length: 999\r\ncontent-type: application/json\r\n\r\n{"ok":'],
    [
      'with a body that is not what it says',
      'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nplain',
    ],
    ['with chunks that are none', 'HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nno'],
    ['with an announcement first', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'],
  ])('may say so %s', async (_name, bytes) => {
    expect(await deliver((socket) => socket.end(bytes))).toEqual({ ok: true })
  })

  it('may never end its answer: nobody reads it', async () => {
    const { url, closed } = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
      const more = setInterval(() => socket.write('5\r\nagain\r\n'), 5)
      socket.on('close', () => clearInterval(more))
    })
    expect(await messengerTo({ tool: url }).deliver('tool', TELLING)).toEqual({ ok: true })
    await closed
  })
})

describe('a receiver that did not', () => {
  it.each([
    ['breaks off in its first line', 'HTTP/1.1 20'],
    ['breaks off in a header', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['speaks another language', 'SSH-2.0-OpenSSH_9.7\r\n'],
    ['says nothing', ''],
    ['has endless headers', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`],
  ])('%s', async (_name, bytes) => {
    const outcome = await deliver((socket) => socket.end(bytes))
    expect(outcome).toMatchObject({
      ok: false,
      why: expect.stringMatching(/^the receiver could not be reached/) as string,
    })
  })

  it.each([300, 301, 302, 303, 307, 308, 400, 401, 404, 409, 429, 500, 503])('answers %i', async (status) => {
    const bytes = `HTTP/1.1 ${status} No\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n`
    const outcome = await deliver((socket) => socket.end(bytes))
    expect(outcome).toEqual({ ok: false, why: `the receiver answered ${status}` })
  })

  it('resets the connection once it has read it', async () => {
    const outcome = await deliver((socket) => void socket.resetAndDestroy())
    expect(outcome).toMatchObject({ ok: false, why: expect.stringContaining('could not be reached') as string })
  })

  it('is not there', async () => {
    const { url } = await serve(() => {})
    closers.splice(0).forEach((close) => close())
    const outcome = await messengerTo({ tool: url }).deliver('tool', TELLING)
    expect(outcome).toMatchObject({ ok: false, why: expect.stringContaining('could not be reached') as string })
  })

  it('sends its answer byte by byte, and never comes to its end', async () => {
    const trickle = (socket: Socket): void => {
      const more = setInterval(() => socket.write('HTTP/1.1 200 OK'.slice(0, 1)), 5)
      socket.on('close', () => clearInterval(more))
      socket.write('HTTP/1.1 200 O')
    }
    expect(await deliver(trickle, 100)).toMatchObject({ ok: false })
  })
})

describe('the story of a request, told to a receiver that fails in every way in turn', () => {
  it('arrives, in order, each message at least once, and verifies in both ways', async () => {
    const receiver = await startReceiver()
    closers.push(() => void receiver.close())
    const world = createWorld()
    const messenger = messengerTo({
      'ops-room': `${receiver.url}/ops-room`,
      'alice-inbox': `${receiver.url}/alice-inbox`,
    })
    const gate = { ...world.gate, messenger }
    const { proposal } = await world.ask()
    const { id } = proposal.request
    for (const status of [500, 307, 404]) {
      receiver.answer(status)
      await tell(gate, id, 'hint')
    }
    receiver.answer(204)
    await approve(gate, id, await world.sign('bob', 'approve', proposal))
    world.calls.plan({ service: 'asks', operation: 'PutRow', fault: { kind: 'unclear', applied: false } })
    // It dies when all is sent and nothing recorded.
    await expect(tell(gate, id, 'hint')).rejects.toThrow()
    await world.start(id)
    await tell(gate, id, 'hint')

    for (const name of ['ops-room', 'alice-inbox']) {
      const told = receiver.told.filter(({ to }) => to === name)
      expect(told.map(({ body }) => body.data['state'])).toEqual([
        'pending',
        'ready',
        'pending',
        'ready',
        'starting',
        'running',
      ])
      expect(told.slice(2, 4).map((each) => each.id)).toEqual(told.slice(0, 2).map((each) => each.id))
      const numbers = [...new Map(told.map((each) => [each.id, each.body.data['number']])).values()]
      expect(numbers).toEqual(numbers.toSorted((one, other) => Number(one) - Number(other)))
      expect(new Set(numbers).size).toBe(4)
      for (const each of told) {
        expect(() => verifyV1(each, SECRET)).not.toThrow()
        expect(isSignedV1a(each, KEY.publicJwk)).toBe(true)
      }
    }
    expect(world.open.entries()).toEqual([])
  })
})
