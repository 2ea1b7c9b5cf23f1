// What `startgate doctor` says when it cannot look, and how it reads what it is answered. What it finds is in test/story.
import { describe, expect, it } from 'vitest'
import type { Io } from '#lib/cli/io.ts'
import { diagnose, runDoctor, type DoctorPlace } from '#support/doctor.ts'

const credentials = { accessKeyId: 'operator', accessKeySecret: 'never-shown' }
const ENDPOINT = 'https://fc.example.com'

type Answers = (call: { readonly method: string; readonly path: string; readonly init: RequestInit }) => Response

function placeOf(answers: Answers, more: Partial<DoctorPlace> = {}): DoctorPlace {
  const fetch: Io['fetch'] = async (url, init) =>
    answers({ method: init.method ?? 'GET', path: url.pathname.replace('/2023-03-30/functions/', ''), init })
  return { endpoint: ENDPOINT, credentials, fetch, ...more }
}

const refuse =
  (status: number, body: object, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { status, headers })
const nobody = refuse(404, { Code: 'FunctionNotFound' })

describe('nothing is sent', () => {
  const never = placeOf(() => {
    throw new Error('something was sent')
  })

  it.each([
    ['without credentials', { env: { ALIBABA_CLOUD_ACCESS_KEY_SECRET: '' } }, [], /no credentials of an operator/],
    ['without an account', { env: { STARTGATE_AUDIENCE: '' } }, [], /account of the deployment is not known/],
    ['to what is no account', {}, ['--account', '../x'], /cannot be the account/],
    ['to what is no region', {}, ['--region', 'here/there'], /cannot be the region/],
    ['to what is no function', {}, ['--gate', 'a/b'], /cannot be the gate/],
    ['to an endpoint without TLS', { endpoint: 'http://fc.example.com' }, [], /no endpoint of Function Compute/],
    ['to what is no endpoint', { endpoint: 'there' }, [], /no endpoint of Function Compute/],
    ['for what is no instance', {}, ['--instance', 'everything'], /is no instance id/],
  ])('%s', async (_, more: Partial<DoctorPlace>, args, says) => {
    const { code, err } = await runDoctor({ ...never, ...more }, args)
    expect(err).toMatch(says)
    expect(code).toBe(2)
  })
})

describe('what could not be looked at', () => {
  it('is unknown when the operator may not look, and says what is needed', async () => {
    const place = placeOf(refuse(403, { Code: 'AccessDenied', Message: 'StringToSign is never-shown' }))
    const { code, findings } = await diagnose(place)
    expect(new Set(findings.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']))
    expect(code).toBe(3)
    expect(findings.map(({ cure }) => cure)).toEqual(
      expect.arrayContaining(
        ['InvokeFunction', 'GetFunction', 'ListTriggers', 'GetAsyncInvokeConfig', 'GetConcurrencyConfig'].map(
          (each) => `Run it with credentials that may fc:${each}.`,
        ),
      ),
    )
    expect(JSON.stringify(findings)).not.toContain('never-shown')
  })

  it('is unknown when the cloud cannot be reached', async () => {
    const place = placeOf(() => {
      throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND fc.example.com') })
    })
    const { code, findings } = await diagnose(place)
    expect(code).toBe(3)
    expect(findings[0]).toMatchObject({ check: 'gate.answers', says: expect.stringContaining('ENOTFOUND') })
  })

  it('is wrong when there is no such function, also when its address is known', async () => {
    const { code, findings } = await diagnose(placeOf(nobody), ['--url', 'https://start.example.com'])
    const wrong = findings.filter(({ verdict }) => verdict === 'wrong').map(({ check }) => check)
    expect(wrong).toEqual(['gate.answers', 'starter.answers', 'address.answers'])
    expect(code).toBe(1)
  })
})

describe('an answer', () => {
  const to = (part: string, response: () => Response) =>
    placeOf(({ path }) => (path.endsWith(part) ? response() : nobody()))
  const say = async (check: string, place: DoctorPlace) =>
    (await diagnose(place)).findings.find((finding) => finding.check === check)?.says

  it('of a function that failed is one line of what went wrong', async () => {
    const failed = refuse(
      200,
      { errorMessage: 'the gate does not know this event' },
      { 'x-fc-error-type': 'Unhandled' },
    )
    expect(await say('gate.answers', to('startgate-gate/invocations', failed))).toContain('does not know this event')
  })

  it('of another version is not guessed at', async () => {
    const strange = refuse(200, { function: 'gate', verdict: 'all is well' })
    expect(await say('gate.answers', to('startgate-gate/invocations', strange))).toContain('does not understand')
    expect(await say('gate.settings', to('startgate-gate', strange))).toContain('not understood')
    expect(
      await say(
        'gate.settings',
        to('startgate-gate', () => new Response('<html>')),
      ),
    ).toContain('not understood')
    expect(
      await say(
        'gate.settings',
        to('startgate-gate', () => new Response('<html>', { status: 502 })),
      ),
    ).toContain('502 no code')
  })

  it('that nothing is set means what the platform does then', async () => {
    const none = refuse(404, { Code: 'AsyncConfigNotExists' })
    expect(await say('starter.async', to('async-invoke-config', none))).toContain('repeated 3 times')
    expect(await say('starter.async', to('async-invoke-config', refuse(200, {})))).toContain('repeated 3 times')
    expect(
      await say('gate.reserved', to('concurrency', refuse(404, { Code: 'ConcurrencyConfigNotExists' }))),
    ).toContain('reserves no')
    expect(await say('gate.reserved', to('concurrency', refuse(200, {})))).toContain('reserves no')
  })

  it('with a trigger that is not understood does not take the others along', async () => {
    const timer = {
      triggerName: 'tell',
      triggerType: 'timer',
      triggerConfig: '{"payload":"{\\"job\\":\\"tell\\"}","enable":true,"cronExpression":"@every 1m"}',
    }
    const triggers = [{ triggerName: 'x', triggerType: 'oss', triggerConfig: 'no JSON' }, timer]
    expect(await say('gate.timer', to('startgate-gate/triggers', refuse(200, { triggers })))).toContain('is on')
  })
})

it('what is sent is signed, with the token of temporary credentials, and names the instances', async () => {
  const sent: { readonly path: string; readonly headers: Headers; readonly body: unknown }[] = []
  const place = placeOf(
    ({ path, init }) => {
      sent.push({ path, headers: new Headers(init.headers), body: init.body })
      return nobody()
    },
    { credentials: { ...credentials, securityToken: 'a-session' } },
  )
  await diagnose(place, ['--gate', 'our-gate', '--instance', 'i-bp1reporting'])
  const asked = sent.find(({ path }) => path === 'our-gate/invocations')
  expect(asked?.body).toBe('{"doctor":{"instances":["i-bp1reporting"]}}')
  expect(asked?.headers.get('authorization')).toMatch(
    /^ACS3-HMAC-SHA256 Credential=operator,SignedHeaders=content-type;host;x-acs-/,
  )
  expect(asked?.headers.get('x-acs-security-token')).toBe('a-session')
  expect(sent.map(({ path }) => path)).toContain('startgate-starter/async-invoke-config')
})

it('functions are invoked and described where the account and the region have them', async () => {
  const sent: string[] = []
  const fetch: Io['fetch'] = async ({ origin }, { method }) => {
    sent.push(`${method} ${origin}`)
    return nobody()
  }
  await diagnose({ endpoint: undefined, credentials, fetch }, ['--region', 'cn-shanghai'])
  expect(new Set(sent)).toEqual(
    new Set(['POST https://1234567890123456.cn-shanghai.fc.aliyuncs.com', 'GET https://fcv3.cn-shanghai.aliyuncs.com']),
  )
})
