// What teams' own tools hear over sockets: a receiver that fails in turn, and a gate that dies between sending and recording.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseSigningKey } from '#adapters/webhook/keys.ts'
import { deploy, RECEIVER_SECRET, SIGNING_KEY, type Deployment } from '#support/deployment.ts'
import { anInstance, askFor, expectEnd, plan, playOut, toldOf, type Played } from '#support/play.ts'
import { isSignedV1a, verifyV1, type Told } from '#support/receiver.ts'

const CHANGES = ['pending', 'ready', 'starting', 'running']

let deployment: Deployment

beforeAll(async () => {
  deployment = await deploy({
    instances: ['i-bp1down', 'i-bp1dies', 'i-bp1some'].map((id) => anInstance(id)),
    timers: false,
    policy: (document) => ({
      ...document,
      receivers: {
        ...(document['receivers'] as object),
        'ends-only': { url: urlOf(document['receivers'], 'ends-only'), states: ['running', 'denied'] },
      },
      rules: document.rules.map((rule) => ({ ...rule, tell: ['ops-room', 'ends-only'] })),
    }),
  })
}, 60_000)
afterAll(async () => deployment.close())

/** Beside the others. */
function urlOf(receivers: unknown, name: string): string {
  const [first] = Object.values(receivers as Readonly<Record<string, { readonly url: string }>>)
  return new URL(`/${name}`, first?.url).href
}

const messagesTo = (to: string, { id }: Played): readonly Told[] =>
  deployment.receiver.told.filter((told) => told.to === to && told.body.data['id'] === id)

/** Each once, in the order of its first arrival. */
function eachOnce(told: readonly Told[]): readonly Told[] {
  return told.filter(({ id }, at) => told.findIndex((each) => each.id === id) === at)
}

async function start(instanceId: string): Promise<Played> {
  const played = await askFor(deployment, instanceId)
  expect((await deployment.approve(played.id)).status).toBe(200)
  await deployment.functions.idle()
  return played
}

function expectAll(played: Played, to: string, states: readonly string[]): void {
  const told = eachOnce(messagesTo(to, played))
  const heard = told.map(({ body }) => body.data['state'])
  // News about a state that lasts is told too.
  expect(heard.filter((state, at) => state !== heard[at - 1])).toEqual(states)
  const numbers = told.map(({ body }) => Number(body.data['number']))
  expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other))
  const { publicJwk } = parseSigningKey(SIGNING_KEY)
  for (const each of messagesTo(to, played)) {
    expect(isSignedV1a(each, publicJwk)).toBe(true)
    if (to === 'ops-room') expect(() => verifyV1(each, RECEIVER_SECRET)).not.toThrow()
  }
}

test('whoever was away hears of all that came and went, in order, when it is back', async () => {
  deployment.receiver.answer(503)
  const played = await start('i-bp1down')
  deployment.receiver.answer(307)
  await deployment.until('it runs', async () =>
    (await deployment.show(played.id)).state === 'running' ? true : undefined,
  )
  expect(toldOf(deployment, played.id)).toEqual([])
  deployment.receiver.answer(204)
  await playOut(deployment, [played])
  await expectEnd(deployment, played, 'running')
  expectAll(played, 'ops-room', CHANGES)
  expectAll(played, 'alice-inbox', CHANGES)
  expectAll(played, 'ends-only', ['running'])
})

test.each([
  ['before', false],
  ['after', true],
])(
  'a gate that dies %s it has recorded what it told: all arrives, in order, with the same ids',
  async (_moment, applied) => {
    const instanceId = applied ? 'i-bp1dies' : 'i-bp1some'
    const played = await askFor(deployment, instanceId)
    await deployment.functions.idle()
    // The approval is the next row of the gate, and the telling of what came of it the one after that.
    const fault = plan(
      deployment,
      { role: 'gate', operation: 'PutRow', subject: `asks (${played.id}, `, skip: 1 },
      { kind: 'crash', applied },
    )
    expect((await deployment.approve(played.id)).status).toBe(200)
    await fault.hit()
    await playOut(deployment, [played])
    await expectEnd(deployment, played, 'running')
    expectAll(played, 'ops-room', CHANGES)
    // What was sent before the death is sent once more.
    if (!applied) expect(messagesTo('ops-room', played).length).toBeGreaterThan(CHANGES.length)
  },
)
