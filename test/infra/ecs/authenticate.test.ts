import { beforeEach, expect, test } from 'vitest'
import { type LocalSpine, createSpine } from '#infra/local/create-spine.ts'
import { type Authentication, createAuthenticator } from '#infra/local/ecs/authenticate.ts'
import type { Credentials } from '#infra/local/spine.ts'
import { type Edits, signedRequest } from '#support/signed-ecs-request.ts'

const NOW = Date.UTC(2026, 0, 1, 12)
const MINUTE = 60_000

let spine: LocalSpine
let authenticate: ReturnType<typeof createAuthenticator>
let credentials: Credentials

beforeEach(() => {
  spine = createSpine({ now: () => NOW, policies: {} })
  authenticate = createAuthenticator(spine)
  credentials = spine.credentials.issue('starter', { ttlMs: 60 * MINUTE })
})

function send(edits: Edits = {}): Authentication {
  return authenticate(signedRequest(credentials, { at: NOW, ...edits }))
}

function codeOf(authentication: Authentication): string | undefined {
  return 'refusal' in authentication ? authentication.refusal.code : undefined
}

test('a rightly signed request is its key’s', () => {
  expect(send()).toEqual({ credentials })
})

test('the operator signs without a token', () => {
  credentials = spine.credentials.operator

  expect(send()).toEqual({ credentials })
})

test.each<[string, Edits, string]>([
  ['a wrong secret', { secret: 'wrong' }, 'SignatureDoesNotMatch'],
  ['a parameter changed after signing', { afterQuery: { InstanceId: 'i-other' } }, 'SignatureDoesNotMatch'],
  ['a parameter added after signing', { afterQuery: { InitLocalDisk: 'true' } }, 'SignatureDoesNotMatch'],
  ['another action after signing', { afterHeaders: { 'x-acs-action': 'StopInstance' } }, 'SignatureDoesNotMatch'],
  ['another host after signing', { afterHeaders: { host: 'ecs.cn-shanghai.aliyuncs.com' } }, 'SignatureDoesNotMatch'],
  ['another method after signing', { afterMethod: 'GET' }, 'SignatureDoesNotMatch'],
  ['a body that is not the signed one', { afterBody: 'x' }, 'SignatureDoesNotMatch'],
  ['an x-acs header that is not signed', { afterHeaders: { 'x-acs-extra': '1' } }, 'IncompleteSignature'],
  ['a content type that is not signed', { afterHeaders: { 'content-type': 'text/plain' } }, 'IncompleteSignature'],
  ['no authorization', { afterHeaders: { authorization: '' } }, 'IncompleteSignature'],
  ['no nonce', { afterHeaders: { 'x-acs-signature-nonce': '' } }, 'MissingParameter'],
  ['an unknown key', { accessKeyId: 'STS.unknown' }, 'InvalidAccessKeyId.NotFound'],
  ['another token', { securityToken: 'other' }, 'InvalidSecurityToken.MismatchWithAccessKey'],
  ['no token', { securityToken: null }, 'MissingSecurityToken'],
  ['a date more than 15 minutes ago', { at: NOW - 15 * MINUTE - 1000 }, 'InvalidTimeStamp.Expired'],
  ['a date more than 15 minutes ahead', { at: NOW + 15 * MINUTE + 1000 }, 'InvalidTimeStamp.Expired'],
  ['a day that does not exist', { date: '2026-13-45T00:00:00Z' }, 'InvalidTimeStamp.Expired'],
  ['a date in another format', { date: 'Thu, 01 Jan 2026 12:00:00 GMT' }, 'InvalidTimeStamp.Format'],
])('%s is refused', (_, edits, code) => {
  expect(codeOf(send(edits))).toBe(code)
})

test('a date 15 minutes away is accepted', () => {
  expect(codeOf(send({ at: NOW - 15 * MINUTE }))).toBeUndefined()
  expect(codeOf(send({ at: NOW + 15 * MINUTE }))).toBeUndefined()
})

test('a request sent twice is refused the second time', () => {
  const request = signedRequest(credentials, { at: NOW })

  expect(codeOf(authenticate(request))).toBeUndefined()
  expect(codeOf(authenticate(request))).toBe('SignatureNonceUsed')
})

test('a replay is refused for as long as its date would pass', () => {
  const request = signedRequest(credentials, { at: NOW + 15 * MINUTE })
  authenticate(request)

  spine.clock.setOffset(30 * MINUTE)

  expect(codeOf(authenticate(request))).toBe('SignatureNonceUsed')
})

test('a forged request does not use up the nonce', () => {
  expect(codeOf(send({ nonce: 'n1', secret: 'wrong' }))).toBe('SignatureDoesNotMatch')
  expect(codeOf(send({ nonce: 'n1' }))).toBeUndefined()
})

test('two keys may use the same nonce', () => {
  expect(codeOf(send({ nonce: 'n1' }))).toBeUndefined()
  credentials = spine.credentials.issue('starter', { ttlMs: MINUTE })
  expect(codeOf(send({ nonce: 'n1' }))).toBeUndefined()
})

test('expired credentials are told from forged ones', () => {
  spine.credentials.expire(credentials.accessKeyId)

  expect(codeOf(send())).toBe('InvalidSecurityToken.Expired')
  expect(codeOf(send({ secret: 'wrong' }))).toBe('SignatureDoesNotMatch')
})

test('a mismatch quotes what the server signed, as the real service does', () => {
  const authentication = send({ secret: 'wrong' })

  expect('refusal' in authentication && authentication.refusal.message).toContain(credentials.securityToken)
})
