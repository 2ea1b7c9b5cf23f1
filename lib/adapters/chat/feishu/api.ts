// The calls of Feishu's API that Startgate makes, each with the token of the app, which is fetched when there is none.
import { callApi, type ApiCall } from '#adapters/chat/call-api.ts'
import { toApi } from '#adapters/chat/origin.ts'
import { createGetToken } from '#adapters/chat/token.ts'
import { MINUTE, SECOND, type Durations } from '#core/durations.ts'
import * as z from '#core/zod.ts'
import type { Clock } from '#ports/world.ts'
import type { FeishuApp } from './parse.ts'

export interface ApiOptions {
  readonly chat: Pick<FeishuApp, 'app' | 'site'>
  readonly appSecret: string
  readonly clock: Pick<Clock, 'now'>
  readonly durations: Pick<Durations, 'deliverTimeout'>
  readonly endpoint?: string | undefined
}

/** `path`: behind `/open-apis`. `id`: of the message that the answer names. */
export type Api = (method: 'POST' | 'PATCH', path: string, body: unknown) => Promise<Answered>
export type Answered = { readonly ok: true; readonly id: string | undefined } | Failed
interface Failed {
  readonly ok: false
  readonly why: string
  readonly code?: number
}

const SOMETHING_ELSE: Failed = { ok: false, why: 'the platform answered something else' }

/** A token is not used any more so long before its end: a call takes a while, and clocks differ. */
const SPARE = 5 * MINUTE
/** It ended, or is none. */
const TOKEN_REFUSED = 99991663

const tokenSchema = z.object({
  code: z.int(),
  tenant_access_token: z.optional(z.string().check(z.regex(/^[\x21-\x7e]{1,2000}$/))),
  expire: z.optional(z.number()),
})
const answerSchema = z.object({ code: z.int(), data: z.nullish(z.object({ message_id: z.optional(z.string()) })) })

export function createApi({ chat, appSecret, clock, durations, endpoint }: ApiOptions): Api {
  const api = `${toApi(chat.site, endpoint)}/open-apis`
  const getToken = createGetToken(async (signal) => {
    const asked = clock.now()
    const called = await call({
      method: 'POST',
      url: `${api}/auth/v3/tenant_access_token/internal`,
      body: { app_id: chat.app, app_secret: appSecret },
      signal,
      schema: tokenSchema,
    })
    if (!called.ok) return called
    const { tenant_access_token: token, expire = 0 } = called.answer
    if (token === undefined) return SOMETHING_ELSE
    return { token, until: asked + expire * SECOND - SPARE }
  }, clock)

  return async (method, path, body) => {
    const signal = AbortSignal.timeout(Math.ceil(durations.deliverTimeout))
    const send = async (token: string): Promise<Answered> => {
      const headers = { authorization: `Bearer ${token}` }
      const called = await call({ method, url: `${api}${path}`, headers, body, signal, schema: answerSchema })
      if (!called.ok) return called
      const { data } = called.answer
      return data === undefined || data === null ? SOMETHING_ELSE : { ok: true, id: data.message_id }
    }
    const got = await getToken(signal)
    if (!('token' in got)) return got
    const answered = await send(got.token)
    if (answered.ok || answered.code !== TOKEN_REFUSED) return answered
    const fresh = await getToken(signal, got.token)
    return 'token' in fresh ? send(fresh.token) : fresh
  }
}

/** Feishu says by a `code` what went wrong, whatever the status; its sentence may hold anything and is left out. */
async function call<T extends { readonly code: number }>(
  request: ApiCall<T>,
): Promise<{ readonly ok: true; readonly answer: T } | Failed> {
  const called = await callApi(request)
  const code = called.answer?.code
  if (code !== undefined && code !== 0) return { ok: false, why: `the platform refused with code ${code}`, code }
  return called
}
