// The gate's HTTP API as its users call it: people and machines with their keys, tools with their webhook secret.
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { SignJWT, importJWK } from 'jose'
import { toThumbprint } from '#core/digest.ts'
import type { Proposal } from '#core/proposal.ts'
import type { RequestId } from '#core/request-id.ts'
import type { Row } from '#core/row.ts'
import type { Evidence } from '#core/statement.ts'
import type { View } from '#core/view.ts'
import { PRIVATE_JWKS, publicJwk } from './keys.ts'
import { AUDIENCE, signAs, type Person } from './team.ts'

export interface Summary {
  readonly id: RequestId
  readonly state: View['state']
  readonly digest: string
  readonly says: string
  readonly review: string
  readonly expiresAt: string
  readonly head: View['heads']
}

export interface Shown extends Summary {
  readonly proposal: Proposal
  readonly view: View
  readonly final: boolean
}

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number
  readonly body: Body
  readonly headers: Headers
}

export interface Ask {
  readonly instanceId: string
  readonly reason: string
  readonly [entry: string]: unknown
}

export const AN_ASK: Ask = { instanceId: 'i-bp1reporting', reason: 'The monthly report is due' }

export interface Api {
  readonly url: string
  call<Body>(
    method: string,
    path: string,
    options?: { body?: unknown; as?: Person; headers?: Record<string, string> },
  ): Promise<Answer<Body>>
  ask(ask?: Partial<Ask>, as?: Person, key?: string): Promise<Answer<Summary>>
  askByWebhook(ask: Ask, secret: string, id?: string): Promise<Answer<Summary>>
  show(id: RequestId): Promise<Shown>
  sign(person: Person, decision: 'approve' | 'deny', id: RequestId, reason?: string): Promise<Evidence>
  decide(
    id: RequestId,
    decision: 'approve' | 'deny',
    evidence: Evidence,
  ): Promise<Answer<Summary & { outcome?: string }>>
  approve(id: RequestId, person?: Person): Promise<Answer<Summary>>
  deny(id: RequestId, person?: Person): Promise<Answer<Summary & { outcome?: string }>>
  receipt(id: RequestId): Promise<{ readonly asks: readonly Row[]; readonly runs: readonly Row[] }>
}

export interface Watched {
  /** Gets every token by which somebody calls. */
  readonly onCall: (token: string) => void
  readonly onEvidence: (evidence: Evidence) => void
}

export function createApi(url: string, watched?: Watched): Api {
  const call: Api['call'] = async <Body>(
    method: string,
    path: string,
    { body, as, headers = {} }: { body?: unknown; as?: Person; headers?: Record<string, string> } = {},
  ) => {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const token = as === undefined ? undefined : await signCall(as, method, path, text)
    if (token !== undefined) watched?.onCall(token)
    const signed = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(text === '' ? {} : { 'content-type': 'application/json' }), ...signed, ...headers },
      ...(text === '' ? {} : { body: text }),
    })
    return { status: response.status, body: (await response.json()) as Body, headers: response.headers }
  }
  const base = '/v1/start-requests'
  const api: Api = {
    url,
    call,
    ask: (ask = {}, as = 'alice', key = randomUUID()) =>
      call('POST', base, { body: { ...AN_ASK, ...ask }, as, headers: { 'idempotency-key': key } }),
    askByWebhook(ask, secret, id = `msg_${randomUUID()}`) {
      const body = JSON.stringify(ask)
      const timestamp = String(Math.floor(Date.now() / 1000))
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
      const signature = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
      return call('POST', '/v1/webhooks/deploy-bot', {
        body,
        headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature },
      })
    },
    show: async (id) => (await call<Shown>('GET', `${base}/${id}`)).body,
    async sign(person, decision, id, reason) {
      const { proposal } = await api.show(id)
      return signAs(person, { decision, proposal, at: Date.now(), ...(reason === undefined ? {} : { reason }) })
    },
    decide(id, decision, evidence) {
      watched?.onEvidence(evidence)
      return call('POST', `${base}/${id}/decisions`, { body: { decision, evidence } })
    },
    approve: async (id, person = 'bob') => api.decide(id, 'approve', await api.sign(person, 'approve', id)),
    deny: async (id, person = 'bob') => api.decide(id, 'deny', await api.sign(person, 'deny', id, 'not today')),
    receipt: async (id) => (await call<Awaited<ReturnType<Api['receipt']>>>('GET', `${base}/${id}/receipt`)).body,
  }
  return api
}

export async function signCall(
  person: Person,
  method: string,
  path: string,
  body: string,
  at = Date.now(),
): Promise<string> {
  const jwk = PRIVATE_JWKS[person]
  const alg = jwk.kty === 'OKP' ? 'EdDSA' : 'ES256'
  const now = Math.floor(at / 1000)
  return new SignJWT({ htm: method, htu: path, digest: createHash('sha256').update(body).digest('base64url') })
    .setProtectedHeader({ alg, kid: toThumbprint(publicJwk(person)), typ: 'startgate-call+jwt' })
    .setIssuer(person)
    .setAudience(AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + 60)
    .sign(await importJWK(jwk, alg))
}
