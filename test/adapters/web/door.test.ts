// The door while what is behind it cannot be loaded.
import { describe, expect, it } from 'vitest'
import { createApp, type AppOptions } from '#adapters/web/app.ts'
import { passOn } from '#adapters/web/door.ts'
import { createHono } from '#adapters/web/hono.ts'
import { checkHealth } from '#flow/health.ts'
import { createWorld } from '#support/world.ts'
import { NO_CHATS } from '#support/no-chats.ts'
import { expectProblem } from './gate.ts'

const MISSING = Object.assign(new Error('Cannot find module'), { code: 'ERR_MODULE_NOT_FOUND' })

function createDoor(chat: AppOptions['chat'] = NO_CHATS) {
  const { log, gate } = createWorld()
  const behind = { isThere: false }
  const app = createApp({
    log,
    random: gate.random,
    clock: gate.clock,
    checkHealth: async () => checkHealth(gate),
    verifyWebhook: (caller) => (caller === 'deploy-bot' ? { id: 'msg_1' } : { flaw: 'unknown_caller' }),
    chat,
    async routes() {
      if (!behind.isThere) throw MISSING
      const routes = createHono()
      routes.use(passOn)
      return routes.all('*', (c) => c.json(c.get('webhook') ?? null))
    },
  })
  const post = async (path: string): Promise<Response> => app.request(path, { method: 'POST' })
  return { log, behind, post }
}

describe('the door, with nothing behind it', () => {
  it('says that there is a fault, which stands in the log, and lets the next call through', async () => {
    const { log, behind, post } = createDoor()
    const { detail } = await expectProblem(await post('/v1/webhooks/deploy-bot'), 500, 'fault')
    const [line] = log.lines
    expect(line).toMatchObject({ event: 'call.failed', facts: { code: 'ERR_MODULE_NOT_FOUND' } })
    expect(detail).toContain(line?.facts['call'])
    expect(detail).not.toContain('module')
    behind.isThere = true
    expect(await (await post('/v1/webhooks/deploy-bot')).json()).toEqual({ caller: 'deploy-bot', id: 'msg_1' })
  })

  it('turns strangers away as ever, and hands on nothing of theirs', async () => {
    const { behind, post } = createDoor()
    for (const isThere of [false, true]) {
      behind.isThere = isThere
      await expectProblem(await post('/v1/webhooks/stranger'), 401, 'unauthenticated')
    }
    expect(await (await post('/v1/webhooks/deploy-bot/x')).json()).toBeNull()
  })

  it('says that there is a fault to a chat platform that cannot be loaded', async () => {
    const load = async (): Promise<never> => {
      throw MISSING
    }
    const { post } = createDoor({ ...NO_CHATS, platforms: new Map([['slack', load]]) })
    await expectProblem(await post('/v1/chat/slack'), 500, 'fault')
  })
})
