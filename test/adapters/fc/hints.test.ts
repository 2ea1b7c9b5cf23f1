// Whatever becomes of a hint, its sender hears nothing; the log hears a code.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHints, type HintOptions } from '#adapters/fc/hints.ts'
import { LOCAL_NAMES } from '#infra/local/create-spine.ts'
import type { Fault } from '#infra/local/spine.ts'
import { startKeeper } from '#support/keeper.ts'
import { startFc } from '#support/local-fc.ts'
import { createRecordingLog } from '#support/memory/log.ts'

const fc = await startFc()
const { spine } = fc

function setup(
  given: { role?: string; endpoint?: string; functions?: HintOptions['functions']; timeout?: number } = {},
) {
  const { role = 'gate', endpoint = fc.endpoint, functions = LOCAL_NAMES, timeout = 10_000 } = given
  spine.faults.clear()
  const credentials = spine.credentials.issue(role, { ttlMs: 60_000 })
  const log = createRecordingLog()
  const hints = createHints({
    accountId: spine.accountId,
    regionId: spine.region,
    endpoint,
    credentials: () => credentials,
    functions,
    durations: { recordTimeout: timeout },
    log,
  })
  return { hints, log, credentials }
}

async function startServer(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const JSON_TYPE = { 'content-type': 'application/json' }

function dribble(response: http.ServerResponse, status: number): void {
  response.writeHead(status, JSON_TYPE)
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

describe('a hint', () => {
  it('is one asynchronous invocation of the deployed name, whose event is the id alone', async () => {
    const { hints, log } = setup()
    const mark = spine.operations.mark()
    await hints.send('starter', 'req_1')

    expect(spine.operations.since(mark)).toMatchObject([
      { operation: 'InvokeFunction', role: 'gate', subject: 'startgate-starter, async, {"hint":"req_1"}', status: 202 },
    ])
    expect(fc.arrived.at(-1)).toEqual({ name: 'startgate-starter', event: '{"hint":"req_1"}' })
    expect(log.lines).toEqual([])
  })

  it.each<[string, Fault, string]>([
    ['an error', { kind: 'error', status: 429, code: 'ResourceExhausted' }, 'ResourceExhausted'],
    ['a page of a gateway', { kind: 'html', status: 502, applied: false }, 'Status502'],
    ['a reset', { kind: 'lost', applied: true }, 'ECONNRESET'],
  ])('that is answered with %s is a warning with a code', async (_, fault, code) => {
    const { hints, log } = setup()
    spine.faults.add({ service: 'fc', fault })
    await hints.send('gate', 'req_2')

    expect(log.lines).toEqual([{ level: 'warn', event: 'hint.failed', facts: { to: 'gate', request: 'req_2', code } }])
  })

  it('that the role may not send, or that names no function, is one too', async () => {
    const [forbidden, unknown] = [
      setup({ role: 'starter' }),
      setup({ functions: { gate: 'no-such', starter: 'none' } }),
    ]
    await forbidden.hints.send('starter', 'req_3')
    await unknown.hints.send('gate', 'req_3')

    expect(forbidden.log.lines).toMatchObject([{ facts: { code: 'AccessDenied' } }])
    expect(unknown.log.lines).toHaveLength(1)
  })

  it.each<[string, http.RequestListener]>([
    ['never comes', () => {}],
    ['says no and dribbles for ever', (_, response) => dribble(response, 500)],
  ])('whose answer %s ends at the deadline', async (_, handler) => {
    const { hints, log } = setup({ endpoint: await startServer(handler), timeout: 150 })
    const begun = performance.now()
    await hints.send('gate', 'req_4')

    expect(performance.now() - begun).toBeLessThan(1500)
    expect(log.lines).toMatchObject([{ facts: { code: 'TimeoutError' } }])
  })

  it.each<[string, http.RequestListener]>([
    ['that is empty', (_, response) => void response.writeHead(202, JSON_TYPE).end()],
    ['that is broken', (_, response) => void response.writeHead(200, JSON_TYPE).end('{"')],
    ['that dribbles for ever', (_, response) => dribble(response, 202)],
  ])('that was accepted with a body %s is no failure', async (_, handler) => {
    const { hints, log } = setup({ endpoint: await startServer(handler) })
    await hints.send('gate', 'req_5')

    expect(log.lines).toEqual([])
  })

  it.each([
    [503, '', 'Status503'],
    [500, '{"ErrorCode":"Internal', 'Status500'],
    [502, '{"ErrorCode":"a sentence with a token"}', 'Status502'],
    [400, '[]', 'Status400'],
    [301, '{}', 'Status301'],
    [429, '{"ErrorCode":"ResourceExhausted"}', 'ResourceExhausted'],
  ])('that is answered with %i is a failure, whatever JSON follows: %j', async (status, body, code) => {
    const { hints, log } = setup({
      endpoint: await startServer((_, response) => void response.writeHead(status, JSON_TYPE).end(body)),
    })
    await hints.send('gate', 'req_5')

    expect(log.lines).toMatchObject([{ event: 'hint.failed', facts: { code } }])
  })

  it('keeps no socket, which may be dead after a freeze', async () => {
    const server = await startKeeper('')
    const { hints, log } = setup({ endpoint: server.endpoint })
    for (const id of ['req_8', 'req_9'] as const) await hints.send('gate', id)

    expect(log.lines).toEqual([])
    expect(await server.ended()).toBe(2)
  })

  it('without credentials is a warning as well', async () => {
    const log = createRecordingLog()
    const credentials = () => {
      throw new RangeError('there is no invocation')
    }
    const { accountId, region: regionId } = spine
    const durations = { recordTimeout: 100 }
    const hints = createHints({ accountId, regionId, credentials, functions: LOCAL_NAMES, durations, log })
    await hints.send('gate', 'req_6')

    expect(log.lines).toMatchObject([{ facts: { code: 'RangeError' } }])
  })

  it('lets no key or token into the log', async () => {
    const { hints, log, credentials } = setup({ role: 'starter' })
    spine.faults.add({ service: 'fc', fault: { kind: 'lost', applied: false } })
    await hints.send('gate', 'req_7')
    await hints.send('starter', 'req_7')
    const shown = JSON.stringify(log.lines)

    expect(log.lines).toHaveLength(2)
    for (const secret of [credentials.accessKeyId, credentials.accessKeySecret, credentials.securityToken])
      expect(shown).not.toContain(secret)
  })
})
