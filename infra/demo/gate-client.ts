// The gate's HTTP API, as a program of one's own would call it.
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import type { Evidence } from '#core/statement.ts'
import { detailSchema, problemSchema, receiptSchema, summarySchema, type Summary } from '#adapters/web/answers.ts'
import type * as z from '#core/zod.ts'

export type Detail = z.infer<typeof detailSchema>
export type Receipt = z.infer<typeof receiptSchema>

export type Answer =
  | { readonly ok: true; readonly status: number; readonly summary: Summary }
  | { readonly ok: false; readonly status: number; readonly problem: z.infer<typeof problemSchema> }

export interface GateClient {
  readonly url: string
  /** Whoever knows the id of a request may look at it. */
  show(id: string): Promise<Detail>
  receipt(id: string): Promise<Receipt>
  /** An approval token is its own authentication. */
  approve(id: string, evidence: Evidence): Promise<Answer>
  /** The same message id finds the same request again. */
  askByWebhook(machine: string, secret: string, messageId: string, ask: object): Promise<Answer>
}

export function createGateClient(url: string): GateClient {
  const get = async (path: string): Promise<unknown> => (await send(`${url}/v1/start-requests/${path}`)).json()
  const post = async (path: string, body: string, headers: Record<string, string>): Promise<Answer> => {
    const response = await send(`${url}${path}`, { method: 'POST', body, headers })
    const { ok, status } = response
    const answer: unknown = await response.json()
    return ok
      ? { ok, status, summary: summarySchema.parse(answer) }
      : { ok, status, problem: problemSchema.parse(answer) }
  }
  return {
    url,
    show: async (id) => detailSchema.parse(await get(id)),
    receipt: async (id) => receiptSchema.parse(await get(`${id}/receipt`)),
    approve: (id, evidence) =>
      post(`/v1/start-requests/${id}/decisions`, JSON.stringify({ decision: 'approve', evidence }), {
        'content-type': 'application/json',
      }),
    askByWebhook(machine, secret, messageId, ask) {
      const body = JSON.stringify(ask)
      const at = new Date()
      return post(`/v1/webhooks/${machine}`, body, {
        'content-type': 'application/json',
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(messageId, at, body),
      })
    },
  }
}

const TRIES = 5
const PAUSE_MS = 1000

/** Whatever the gate is asked may be asked again: an unclear answer is repeated, and has one meaning only. */
async function send(url: string, init: RequestInit = {}, tries = TRIES): Promise<Response> {
  const response = await fetch(url, init)
  if (response.status < 500 || tries <= 1) return response
  await sleep(PAUSE_MS)
  return send(url, init, tries - 1)
}
