// The commands against the gate's real app, over a deployment in memory.
import type { Io } from '#lib/cli/io.ts'
import { NO_CHATS } from '#support/no-chats.ts'
import { createWorld, INSTANCE, type World } from '#support/world.ts'
import type { Ran, Situation, Terminal } from './terminal.ts'
import { createWholeApp } from '#support/whole-app.ts'

const URL_OF_GATE = 'https://gate.example.com'
export const ASK = ['ask', '--instance', INSTANCE, '--reason', 'The monthly report is due']

export interface Play {
  readonly world: World
  readonly url: string
  readonly fetch: Io['fetch']
  readonly run: (who: NonNullable<Situation['who']>, args: readonly string[], input?: string) => Promise<Ran>
  /** Asks as alice. */
  readonly ask: (...more: readonly string[]) => Promise<{ readonly id: string; readonly digest: string }>
}

/** `world`: a deployment that was played in already. `isDown`: which paths answer nothing but that the gate is busy. */
export function createPlay(
  terminal: Terminal,
  world = createWorld(),
  isDown: (path: string) => boolean = () => false,
): Play {
  const { app } = createWholeApp({
    deps: world.gate,
    publicUrl: URL_OF_GATE,
    verifyWebhook: () => ({ flaw: 'none is sent here' }),
    publicJwk: () => ({ kty: 'OKP', crv: 'Ed25519', x: '', kid: '', use: 'sig', alg: 'EdDSA' }),
    openapi: () => ({}),
    policySchema: () => ({}),
    page: () => ({ script: '', style: '' }),
    chat: NO_CHATS,
  })
  const fetch: Io['fetch'] = async (url, init) => {
    if (isDown(url.pathname)) return new Response('', { status: 503 })
    // What comes over the wire is a standard response.
    const { body, status, headers } = await app.fetch(new Request(url, init))
    return new Response(body, { status, headers })
  }
  const inProcess = { fetch, now: () => world.clock.now() }
  const run: Play['run'] = (who, args, input = '') =>
    terminal.run(args, {
      who,
      input,
      inProcess,
      env: { STARTGATE_URL: URL_OF_GATE },
      onSleep: async (ms) => {
        await world.clock.advance(ms)
        await world.runHints()
        await world.sweep()
      },
    })
  return {
    world,
    url: URL_OF_GATE,
    fetch,
    run,
    async ask(...more) {
      const { code, out, err } = await run('alice', [...ASK, '--json', ...more])
      if (code !== 0) throw new Error(err)
      return JSON.parse(out) as { id: string; digest: string }
    },
  }
}
