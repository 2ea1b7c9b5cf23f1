// DingTalk's API: each call carries an access token, which is fetched with the app's secret and kept while it is good.
import { callApi, type Called } from '#adapters/chat/call-api.ts'
import { createGetToken } from '#adapters/chat/token.ts'
import * as z from '#core/zod.ts'
import type { Clock } from '#ports/world.ts'

export interface ApiOptions {
  /** What `toApi` gave. */
  readonly api: string
  readonly app: string
  readonly appSecret: string
  readonly clock: Pick<Clock, 'now'>
}

export interface ApiRequest<T> {
  readonly method: 'POST' | 'PUT'
  readonly path: string
  readonly body: unknown
  readonly schema: z.ZodMiniType<T>
}

/** `code`: DingTalk's, as its pages list them: `param.cardAlreadyExist`. It is said in `why` already. */
export type Answered<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly why: string; readonly code?: string }

export type Api = <T>(request: ApiRequest<T>, signal: AbortSignal) => Promise<Answered<T>>

/** DingTalk's own sentence is left out: it may repeat what it was given. */
const refusalSchema = z.object({ code: z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_.]{0,79}$/)) })
const tokenSchema = z.object({ accessToken: z.string().check(z.minLength(1)), expireIn: z.number() })

/** A token is not used for the last part of its time, which would end on the way. In seconds, as `expireIn` is. */
const RESERVE = 5 * 60

export function createApi({ api, app, appSecret, clock }: ApiOptions): Api {
  async function send<T>({ method, path, body, schema }: ApiRequest<T>, signal: AbortSignal, token?: string) {
    const called = await callApi({
      method,
      url: `${api}${path}`,
      ...(token !== undefined && { headers: { 'x-acs-dingtalk-access-token': token } }),
      body,
      signal,
      schema: z.union([
        z.pipe(
          schema,
          z.transform((given) => ({ given })),
        ),
        refusalSchema,
      ]),
    })
    return toAnswered(called)
  }

  const getToken = createGetToken(async (signal) => {
    const body = { appKey: app, appSecret }
    const path = '/v1.0/oauth2/accessToken'
    const called = await send({ method: 'POST', path, body, schema: tokenSchema }, signal)
    if (!called.ok) return { ok: false, why: `no access token: ${called.why}` }
    const { accessToken, expireIn } = called.answer
    return { token: accessToken, until: clock.now() + (expireIn - RESERVE) * 1000 }
  }, clock)

  return async (request, signal) => {
    const got = await getToken(signal)
    if (!('token' in got)) return got
    const called = await send(request, signal, got.token)
    if (called.ok || called.code !== 'InvalidAuthentication') return called
    const fresh = await getToken(signal, got.token)
    return 'token' in fresh ? send(request, signal, fresh.token) : fresh
  }
}

function toAnswered<T>(called: Called<{ readonly given: T } | { readonly code: string }>): Answered<T> {
  const { answer } = called
  if (called.ok && 'given' in called.answer) return { ok: true, answer: called.answer.given }
  const why = called.ok ? 'the platform refused' : called.why
  return answer !== undefined && 'code' in answer
    ? { ok: false, why: `${why} (${answer.code})`, code: answer.code }
    : { ok: false, why }
}
