// Where the rehearsal is played: each function in a process of its own, called as the platform would call it.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import * as z from '#core/zod.ts'
import type { LocalCloud } from '#infra/local/cloud.ts'
import { readDefinitions, toEnvironments } from '#infra/local/deployed-functions.ts'
import { createByHand, type HttpCall } from '#infra/local/fc/by-hand.ts'

export interface Actor {
  /** The body of the answer, parsed where it is JSON. Throws when the status is another one. */
  call(call: HttpCall, status: number): Promise<unknown>
  /** Throws when the function fails. */
  invoke(event: object): Promise<unknown>
}

interface Theatre {
  /** A process for one function; when the scene is over, it writes down the bytecode of what ran. */
  act<Result>(role: 'gate' | 'starter', scene: (actor: Actor) => Promise<Result>): Promise<Result>
}

const PERFORM = fileURLToPath(new URL('./perform.mjs', import.meta.url))
/** Far longer than any answer takes. */
const PATIENCE_MS = 30_000
/** The starter waits a while before it looks at what it started. */
const TIME_SCALE = 5

const replySchema = z.union([z.object({ answer: z.unknown() }), z.object({ problem: z.string() })])
const httpAnswerSchema = z.object({
  statusCode: z.number(),
  body: z.string(),
  headers: z.record(z.string(), z.string()),
})

export interface TheatreOptions {
  readonly artifact: string
  /** What the gate finds in its environment, besides where the services are. */
  readonly secrets: Readonly<Record<string, string>>
  /** What Node is started with. */
  readonly nodeFlags: readonly string[]
}

export function openTheatre(cloud: LocalCloud, { artifact, secrets, nodeFlags }: TheatreOptions): Theatre {
  const byHand = createByHand(cloud.spine, readDefinitions())
  const environments = toEnvironments({ environment: secrets, timeScale: TIME_SCALE }, cloud)

  return {
    async act(role, scene) {
      const child = fork(PERFORM, [artifact, role], {
        env: environments[role],
        execArgv: [...nodeFlags],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      const ended = once(child, 'exit').then(([code]) => code as number | null)
      const invoke = async (event: object): Promise<unknown> => {
        child.send({ event: JSON.stringify(event), context: byHand.context(role) })
        return hear(child, ended)
      }
      try {
        await hear(child, ended)
        const result = await scene({
          invoke,
          async call(call, status) {
            const answer = httpAnswerSchema.parse(await invoke(byHand.httpEvent(call)))
            if (answer.statusCode !== status)
              throw new Error(`${call.method} ${call.path} is answered with ${answer.statusCode}: ${answer.body}`)
            return /json/.test(answer.headers['content-type'] ?? '') ? JSON.parse(answer.body) : answer.body
          },
        })
        child.disconnect()
        const code = await ended
        if (code !== 0) throw new Error(`what ran of the ${role} could not be written down`)
        return result
      } finally {
        child.kill()
        await ended
      }
    },
  }
}

async function hear(child: ChildProcess, ended: Promise<number | null>): Promise<unknown> {
  const died = ended.then((code) => ({ problem: `it ended with ${code}` }))
  const said = once(child, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    ([message]) => message as unknown,
    () => ({ problem: 'it does not answer' }),
  )
  const reply = replySchema.parse(await Promise.race([said, died]))
  if ('problem' in reply) throw new Error(reply.problem)
  return reply.answer
}
