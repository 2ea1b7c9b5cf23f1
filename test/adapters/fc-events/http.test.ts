import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { parseEvent, type HttpEvent } from '#adapters/fc/event.ts'
import { toAnswer, toRequest } from '#adapters/fc/http.ts'
import { createResponse } from '#core/http-message.ts'
import { readEvent, toBytes, type EventFixture } from './fixtures.ts'

function requestOf(event: EventFixture): Request {
  const request = toRequest(parse(event), 'call-1')
  if (request === undefined) throw new Error('no request came of it')
  return request
}

function parse(event: EventFixture): HttpEvent {
  const parsed = parseEvent(toBytes(event))
  if (parsed.kind !== 'http') throw new Error('it is no HTTP event')
  return parsed.http
}

describe('a request', () => {
  it('has the method, path, parameters and headers of the event', () => {
    const request = requestOf(readEvent('get'))
    const url = new URL(request.url)
    expect(request.method).toBe('GET')
    expect(url.pathname).toBe('/v1/start-requests')
    expect([...url.searchParams]).toEqual([
      ['cursor', 'a b&c=d+e/漢'],
      ['day', '2026-11-23'],
    ])
    expect(request.headers.get('x-multi')).toBe('a,b')
    expect(request.body).toBeNull()
  })

  it('has the same address whatever the order of its parameters', () => {
    const turned = { ...readEvent('get'), queryParameters: { cursor: 'a b&c=d+e/漢', day: '2026-11-23' } }
    expect(requestOf(turned).url).toBe(requestOf(readEvent('get')).url)
  })

  it('never takes its host from the caller', () => {
    expect(new URL(requestOf(readEvent('get')).url).host).toBe('gate.invalid')
    expect(new URL(requestOf({ ...readEvent('get'), rawPath: '//attacker.example.com/x' }).url).host).toBe(
      'gate.invalid',
    )
  })

  it('has the bytes of a body in base64', async () => {
    const request = requestOf(readEvent('post-base64'))
    expect(request.body && (await text(request.body))).toBe('{"instanceId":"i-bp1reporting","reason":"每月报表"}')
  })

  it('has the bytes of a body in text, and the path as it was sent', async () => {
    const request = requestOf(readEvent('post-text'))
    expect(request.body && (await text(request.body))).toBe('{"reason":"每月报表 🚀"}')
    expect(new URL(request.url).pathname).toBe('/v1/start-requests/%E6%AF%8F%E6%9C%88%20x%3Fy/decisions')
  })

  it('keeps a path that was decoded by mistake in one piece', () => {
    const url = new URL(requestOf({ ...readEvent('get'), rawPath: '/a?b#c', queryParameters: {} }).url)
    expect(url.pathname + url.search + url.hash).toBe('/a%3Fb%23c')
  })

  it('lets neither of two spellings of a header win', () => {
    expect(requestOf(readEvent('post-text')).headers.get('content-type')).toBe('application/json, text/plain')
  })

  it('carries header values that are not ASCII as their bytes', () => {
    const value = requestOf(readEvent('post-text')).headers.get('x-name') ?? ''
    expect(Buffer.from(value, 'latin1').toString('utf8')).toBe('報表')
  })

  it('has no body when it only looks, and the platform’s own id', () => {
    const request = requestOf(readEvent('head'))
    expect({ method: request.method, body: request.body }).toEqual({ method: 'HEAD', body: null })
    expect(request.headers.get('x-fc-request-id')).toBe('call-1')
  })

  it.each([
    ['a method that no request can have', { requestContext: { http: { method: 'TRACE' } } }],
    ['a header with a line break', { headers: { 'X-Name': 'a\r\nX-Other: b' } }],
    ['a header without a name', { headers: { '': 'a' } }],
  ])('does not come of %s', (_, change) => {
    expect(toRequest(parse({ ...readEvent('get'), ...change }), 'call-1')).toBeUndefined()
  })
})

describe('an answer', () => {
  const headers = { 'content-type': 'application/problem+json', location: '/x' }
  it.each([
    ['the app', createResponse({ body: '{"é":1}', status: 404, headers })],
    ['Node', new Response('{"é":1}', { status: 404, headers })],
  ])('has the status, headers and text of a response of %s', async (_, response) => {
    expect(await toAnswer(response)).toEqual({
      statusCode: 404,
      headers,
      isBase64Encoded: false,
      body: '{"é":1}',
    })
  })

  it('leaves out what the platform does not let a function set', async () => {
    const headers = {
      connection: 'close',
      'content-length': '2',
      date: 'x',
      server: 'x',
      'keep-alive': 'x',
      'x-fc-y': 'x',
    }
    const answer = await toAnswer(new Response('{}', { headers: { ...headers, 'content-type': 'application/json' } }))
    expect(answer.headers).toEqual({ 'content-type': 'application/json' })
  })

  it('carries bytes in base64', async () => {
    const bytes = Uint8Array.of(0, 255)
    const answer = await toAnswer(new Response(bytes, { headers: { 'content-type': 'image/png' } }))
    expect(answer).toMatchObject({ isBase64Encoded: true, body: 'AP8=' })
  })

  it('may be empty', async () => {
    expect(await toAnswer(new Response(null, { status: 204 }))).toMatchObject({ isBase64Encoded: false, body: '' })
  })
})
