import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createHarness, serve } from './harness.ts'

async function createSite(changes = {}, options = {}) {
  const harness = createHarness(changes, options)
  return { ...harness, url: await serve(harness.compute.httpHandler('gate')) }
}

describe('an HTTP request', () => {
  it('becomes an event in the documented form', async () => {
    const { url, spine } = await createSite()

    const response = await fetch(`${url}/a%20b/c?k=v1&k=v2&plus=1+2`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-multi-word': 'a', 'x-fc-security-token': 'mine' },
      body: '{"é":1}',
    })
    const event = (await response.json()) as { headers: Record<string, string> }

    expect(event).toMatchObject({
      version: 'v1',
      rawPath: '/a%20b/c',
      body: '{"é":1}',
      isBase64Encoded: false,
      headers: { 'Content-Type': 'application/json', 'X-Multi-Word': 'a', Host: new URL(url).host },
      queryParameters: { k: 'v1,v2', plus: '1 2' },
      requestContext: {
        accountId: spine.accountId,
        domainName: new URL(url).host,
        domainPrefix: '127',
        requestId: response.headers.get('x-fc-request-id'),
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        timeEpoch: expect.stringMatching(/^\d{13}$/),
        http: { method: 'POST', path: '/a b/c', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'node' },
      },
    })
    const names = Object.keys(event.headers).join()
    expect(names).not.toMatch(/x-fc-|connection|keep-alive/i)
  })

  it('joins headers that come twice', async () => {
    const { url } = await createSite()

    const event = await new Promise<string>((resolve) => {
      httpRequest(url, { headers: { 'X-Twice': ['a', 'b'] } }, (response) => {
        response.setEncoding('utf8').once('data', resolve)
      }).end()
    })
    expect(JSON.parse(event).headers['X-Twice']).toBe('a,b')
  })

  it('has its path as it was sent', async () => {
    const { url } = await createSite()

    const event = await new Promise<string>((resolve) => {
      const path = '/a/../b%2Fc?q=?'
      httpRequest(url, { path }, (response) => response.setEncoding('utf8').once('data', resolve)).end()
    })
    expect(JSON.parse(event)).toMatchObject({ rawPath: '/a/../b%2Fc', queryParameters: { q: '?' } })
  })

  it('brings a body that is not text in Base64', async () => {
    const { url } = await createSite()
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.from([0, 255]),
    }

    expect(await (await fetch(url, post)).json()).toMatchObject({ isBase64Encoded: true, body: 'AP8=' })
  })

  it('is refused when it is larger than allowed, or of a method that is not', async () => {
    const { url, compute } = await createSite()

    const long = await fetch(`${url}/${'p'.repeat(4096)}`)
    const heavy = await fetch(url, { headers: { 'x-heavy': 'h'.repeat(8192) } })
    const put = await fetch(url, { method: 'PUT' })
    expect([long.status, heavy.status, put.status]).toEqual([400, 400, 405])
    expect(await long.json()).toMatchObject({ Code: 'InvalidArgument', Message: expect.stringContaining('4096 bytes') })
    expect(compute.instances()).toEqual([])
  })

  it('can ask to be run asynchronously, and is answered at once', async () => {
    const { url, compute } = await createSite()
    const headers = { 'x-fc-invocation-type': 'Async' }

    const response = await fetch(url, { method: 'POST', headers, body: 'x' })
    const tooLong = await fetch(url, { method: 'POST', headers, body: 'x'.repeat(128 * 1024 + 1) })
    expect([response.status, await response.text(), tooLong.status]).toEqual([202, '', 400])
    await compute.idle()
    expect(compute.instances()).toHaveLength(1)
  })

  it('is throttled when no instance is free', async () => {
    const { url } = await createSite({ reservedConcurrency: 0 })

    const response = await fetch(url)
    expect(response.status).toBe(429)
    expect(await response.json()).toMatchObject({ Code: 'ResourceExhausted' })
  })
})

describe('the answer', () => {
  it('has the status and headers of the function, but not those that are the platform’s', async () => {
    const { url } = await createSite()

    const { status, headers } = await fetch(url)
    expect(status).toBe(201)
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('x-own')).toBe('kept')
    expect(headers.get('x-fc-code')).toBeNull()
    expect(headers.get('server')).toBeNull()
    expect(headers.get('date')).not.toBe('never')
    expect(headers.get('content-disposition')).toBeNull()
  })

  it('is a download under the platform’s own domain', async () => {
    const { url } = await createSite({}, { defaultDomain: true })

    expect((await fetch(url)).headers.get('content-disposition')).toBe('attachment')
  })

  it('may be binary, or no envelope at all', async () => {
    const { url } = await createSite()

    expect(Buffer.from(await (await fetch(`${url}/binary`)).arrayBuffer())).toEqual(Buffer.from([0, 255]))
    const plain = await fetch(`${url}/plain`)
    expect([plain.status, await plain.text()]).toEqual([200, 'no envelope'])
  })

  it('shows the caller the whole error when the function throws', async () => {
    const { url } = await createSite()

    const response = await fetch(`${url}/throw`)
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ errorMessage: 'a secret in a stack', stackTrace: expect.any(Array) })
  })

  it('comes only from a function that has the trigger', () => {
    const { compute } = createHarness()

    expect(() => compute.httpHandler('starter')).toThrow('starter has no HTTP trigger')
  })
})
