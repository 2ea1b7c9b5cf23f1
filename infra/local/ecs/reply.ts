// The answers of ECS: JSON bodies with the request's id, and errors in the one shape that all of its APIs have.

import type { Answer } from '#infra/local/obey.ts'
import type { EcsRefusal } from './errors.ts'

export interface Reply {
  accept(body: Readonly<Record<string, unknown>>): Answer
  refuse(refusal: EcsRefusal): Answer
}

export function createReply(host: string, requestId: string): Reply {
  const toAnswer = (status: number, body: object, headers: Record<string, string>): Answer => ({
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', 'x-acs-request-id': requestId, ...headers },
    body: Buffer.from(JSON.stringify(body)),
  })
  return {
    accept: (body) => toAnswer(200, { RequestId: requestId, ...body }, {}),
    refuse({ status, code, message, accessDeniedDetail, retryAfterMs }) {
      const body = {
        RequestId: requestId,
        HostId: host,
        Code: code,
        Message: message,
        Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=Ecs&requestId=${requestId}`,
        ...(accessDeniedDetail === undefined ? {} : { AccessDeniedDetail: accessDeniedDetail }),
      }
      const headers = retryAfterMs === undefined ? {} : { 'x-acs-retry-after': String(retryAfterMs) }
      return { ...toAnswer(status, body, headers), code }
    },
  }
}
