// Whatever the standard classes of Node do with a message, ours do.
import { text } from 'node:stream/consumers'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createHeaders,
  createRequest,
  createResponse,
  type HttpHeaders,
  type ResponseParts,
} from '#core/http-message.ts'

const AWKWARD = ['\0', '\t', '\n', '\v', '\f', '\r', ' ', '\x7f', '\u00a0', '\u00ff', '\u0100', ',', ':', 'a', 'Z', '_']
const awkward = fc.string({ unit: fc.constantFrom(...AWKWARD), maxLength: 5 })
// Node joins repeated cookies in a way of its own, and nobody sends us any.
const known = fc.constantFrom('Accept', 'accept', 'X-Name', 'x-name', 'set-cookie', 'Set-Cookie', 'webhook-id')
const anyName = fc.oneof({ weight: 6, arbitrary: known }, awkward, fc.string({ unit: 'binary', maxLength: 3 }))
const anyValue = fc.oneof(fc.string(), awkward, fc.string({ unit: 'binary', maxLength: 3 }))
const anyStep = fc.tuple(fc.constantFrom('append', 'set', 'get', 'has'), anyName, anyValue)
type Step = typeof anyStep extends fc.Arbitrary<infer Made> ? Made : never

/** All that one can see of it. */
function tryOut(headers: HttpHeaders | Headers, steps: readonly Step[]): readonly unknown[] {
  const seen = steps.map(([what, name, value]) => {
    try {
      return what === 'get' || what === 'has' ? headers[what](name) : headers[what](name, value)
    } catch (error) {
      return error instanceof TypeError ? 'refused' : error
    }
  })
  return [...seen, ...headers]
}

describe('headers', () => {
  test('do what the standard ones do, whatever the names and values', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 8 }), (steps) => {
        expect(tryOut(createHeaders(), steps)).toEqual(tryOut(new Headers(), steps))
      }),
      { numRuns: 2000 },
    )
  })

  test('take every character that a name or a value may have, and no other', () => {
    const characters = Array.from({ length: 0x120 }, (_, code) => String.fromCharCode(code))
    const steps = characters.flatMap((each): Step[] => [
      ['set', `x${each}`, 'y'],
      ['append', 'x-all', `a${each}b`],
      ['append', 'x-ends', `${each}b${each}`],
    ])
    expect(tryOut(createHeaders(), steps)).toEqual(tryOut(new Headers(), steps))
  })

  test('begin with what is given, and say nothing of a value that they refuse', () => {
    const pairs = [
      ['b', '1'],
      ['A', '2'],
      ['B', '3'],
    ] as const
    expect([...createHeaders(pairs)]).toEqual([
      ['a', '2'],
      ['b', '1, 3'],
    ])
    expect(() => createHeaders([['authorization', 'Bearer never-shown\0']])).toThrow(/authorization is not understood$/)
  })

  test('are read in one pass, however many blanks a value has', () => {
    const blanks = ' '.repeat(1_000_000)
    expect(createHeaders([['a', `${blanks}b${blanks}c${blanks}`]]).get('a')).toHaveLength(blanks.length + 2)
  })
})

describe('a request', () => {
  const headers = createHeaders([['X-Name', 'a']])

  test('has the method and the address of the standard one, or is refused with it', () => {
    const anyMethod = fc.oneof(
      fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'CONNECT', 'TRACE', 'TRACK'),
      fc.stringMatching(/^[A-Z]{1,20}$/),
    )
    const anyPath = fc.oneof(fc.webPath(), fc.string(), fc.webUrl({ withQueryParameters: true, withFragments: true }))
    fc.assert(
      fc.property(anyMethod, anyPath, (method, path) => {
        const url = new URL(`https://gate.invalid/${path}`)
        expect(tell(() => createRequest({ url, method, headers, body: null }))).toEqual(
          tell(() => new Request(url, { method })),
        )
      }),
      { numRuns: 500 },
    )
  })

  test('has its headers, and its body as bytes that come once', async () => {
    const url = new URL('https://gate.invalid/')
    const { body, ...request } = createRequest({ url, method: 'POST', headers, body: Buffer.from('é') })
    expect(request.headers.get('x-name')).toBe('a')
    expect(body && (await text(body))).toBe('é')
    expect(createRequest({ url, method: 'GET', headers, body: null }).body).toBeNull()
  })
})

describe('a response', () => {
  test.each<[string, ResponseParts]>([
    [
      'with a text',
      { body: '{"é":"漢"}', status: 404, headers: { 'Content-Type': 'application/problem+json', 'x-b': ' 1 ' } },
    ],
    ['that is empty', { body: '', status: 200, headers: { 'content-type': 'text/plain' } }],
    ['without a body', { body: null, status: 204 }],
  ])('%s is what the standard one is, and can be made into one', async (_, { body, status, headers = {} }) => {
    const whole = await read(new Response(body, { status, headers }))
    const ours = createResponse({ body, status, headers })
    expect(await read(ours)).toEqual(whole)
    expect(await read(new Response(ours.body, ours))).toEqual(whole)
    expect(await read(new Response(null, ours))).toEqual({ ...whole, text: '', bytes: [] })
  })

  test('is read as a text, or as the JSON that it is', async () => {
    const response = createResponse({ body: '{"é":[1]}', status: 200 })
    expect(await response.text()).toBe('{"é":[1]}')
    expect(await response.json()).toEqual({ é: [1] })
    expect(await createResponse({ body: null, status: 204 }).text()).toBe('')
  })
})

function tell(make: () => Request): unknown {
  try {
    const { method, url } = make()
    return { method, url }
  } catch (error) {
    return error instanceof TypeError ? 'refused' : error
  }
}

async function read(response: Response): Promise<object> {
  const { status } = response
  // A standard one is read only once.
  const bytes = [...new Uint8Array(await response.arrayBuffer())]
  return { status, headers: [...response.headers], text: Buffer.from(bytes).toString('utf8'), bytes }
}
