// A deployment in memory that is attacked: at its door, and past it by whoever can write its book.
import { expect } from 'vitest'
import { parseSigningKey } from '#adapters/webhook/keys.ts'
import { createWebhookVerifier } from '#adapters/webhook/verifier.ts'
import { parseAsks } from '#core/asks.ts'
import { digestOf } from '#core/digest.ts'
import type { Policy } from '#core/policy.ts'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import type { TokenFlaw } from '#core/refusal.ts'
import { createRow, headOf } from '#core/row.ts'
import type { Evidence } from '#core/statement.ts'
import type { Asker, Wish } from '#flow/ask.ts'
import { toOpenEntry } from '#flow/ask.ts'
import { NO_CHATS } from './no-chats.ts'
import { armedDocument, ORIGIN } from './signers.ts'
import { teamPolicy } from './team.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'
import { createWholeApp, type WholeApp } from './whole-app.ts'

/** What the environment of the gate holds. */
export const ENVIRONMENT = {
  VIEW_KEY: 'view-key-of-the-tests-0123456789',
  GATE_SIGNING_KEY: `whsk_${Buffer.alloc(32, 7).toString('base64')}`,
  CALLER_SECRET_DEPLOY_BOT: `whsec_${Buffer.alloc(32, 8).toString('base64')}`,
  RECEIVER_SECRET_OPS_ROOM: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
} as const

export interface Attacked extends World, WholeApp {
  /** Asked, and told of: the next telling has nothing to add. */
  asked(wish?: Partial<Wish>, asker?: Partial<Asker>): Promise<Proposal>
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
  decide(proposal: Proposal, evidence: Evidence, decision?: 'approve' | 'deny'): Promise<Response>
  /** Puts what a gate would put that verifies nothing, and sends the starter to it. */
  plant(proposal: Proposal, ...evidence: readonly Evidence[]): Promise<void>
  /** Everything that makes the starter look, some of it at once. */
  provoke(proposal: Proposal): Promise<void>
  /** Calls of StartInstance, whatever became of them. */
  starts(): number
  /** Both books and what is open, as text. */
  record(): string
}

export const ARMED: Policy = teamPolicy(armedDocument())

export function createAttacked(options: WorldOptions = {}): Attacked {
  const world = createWorld({ policy: ARMED, ...options })
  const { gate, clock } = world
  const secret = { current: ENVIRONMENT.CALLER_SECRET_DEPLOY_BOT }
  const verifyWebhook = createWebhookVerifier({ policy: gate.policy, clock, secrets: () => secret })
  const { publicJwk } = parseSigningKey(ENVIRONMENT.GATE_SIGNING_KEY)
  const page = () => ({ script: 'void 0', style: 'main{color:CanvasText}' })
  const described = { openapi: () => ({}), policySchema: () => ({}) }
  const whole = createWholeApp({
    deps: gate,
    publicUrl: ORIGIN,
    verifyWebhook,
    publicJwk: () => publicJwk,
    ...described,
    page,
    chat: NO_CHATS,
  })

  const attacked: Attacked = {
    ...world,
    ...whole,
    async asked(wish, asker) {
      const { proposal } = await world.ask(wish, asker)
      await world.runHints()
      return proposal
    },
    async post(path, body, headers = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return whole.app.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: text,
      })
    },
    decide: async ({ request }, evidence, decision = 'approve') =>
      attacked.post(`/v1/start-requests/${request.id}/decisions`, { decision, evidence }),
    async plant(proposal, ...all) {
      const { id, createdAt } = proposal.request
      const content = { book: 'asks', stream: id, at: clock.now(), actor: { function: 'gate' } } as const
      const body = { proposal, digest: digestProposal(proposal), ask: digestOf('any', 'thing') }
      const rows = [createRow({ ...content, id: '1', at: createdAt, type: 'requested', body }, headOf([]))]
      for (const evidence of all) {
        const approved = { type: 'approved', body: { approver: 'bob', evidence } }
        rows.push(createRow({ ...content, ...approved, id: `${rows.length + 1}` }, headOf(rows)))
      }
      const there = parseAsks(await world.asks.read(id)).rows.length
      while (rows.length < there)
        rows.push(createRow({ ...content, ...NOTHING, id: `${rows.length + 1}` }, headOf(rows)))
      for (const row of rows) world.asks.overwrite(row)
      const entry = toOpenEntry(proposal, 'start')
      if (!(await world.open.raise(entry))) await world.open.add(entry)
    },
    async provoke({ request: { id } }) {
      await Promise.all([world.start(id), world.start(id), world.sweep()])
      await world.runHints()
      await Promise.all([world.sweep(), world.tellDue()])
    },
    starts: () => world.calls.list.filter(({ operation }) => operation === 'StartInstance').length,
    record: () => JSON.stringify([world.asks.rows(), world.runs.rows(), world.open.entries()]),
  }
  return attacked
}

/** Means nothing: what a row is overwritten with that cannot be removed. */
const NOTHING = {
  type: 'posted',
  body: { upto: { asks: 1, runs: 0 }, state: 'pending', to: { log: 'delivered' } },
}

/** Refused at the door with the one vague answer, for this flaw; and worth nothing to the starter where the gate let it in. */
export async function expectWorthless(
  attacked: Attacked,
  proposal: Proposal,
  evidence: Evidence,
  flaw: TokenFlaw,
): Promise<void> {
  await expectRefused(attacked, proposal, evidence, flaw)
  await attacked.plant(proposal, evidence)
  await attacked.provoke(proposal)
  expect(attacked.starts()).toBe(0)
  expect(attacked.runs.rows()).toEqual([])
}

export async function expectRefused(
  attacked: Attacked,
  proposal: Proposal,
  evidence: Evidence,
  flaw: TokenFlaw,
): Promise<void> {
  const [before, lines] = [attacked.record(), attacked.log.lines.length]
  const answer = await attacked.decide(proposal, evidence)
  expect({ status: answer.status, ...((await answer.json()) as object) }).toMatchObject(REFUSED)
  const said = attacked.log.lines.slice(lines).filter(({ event }) => event === 'call.token_refused')
  expect(said.map(({ facts }) => facts['flaw'])).toEqual([flaw])
  await attacked.provoke(proposal)
  expect(attacked.starts()).toBe(0)
  expect(attacked.record()).toBe(before)
}

export const REFUSED = {
  type: 'urn:startgate:token_refused',
  status: 403,
  title: 'Token not accepted',
  detail:
    'This token is not accepted for this request. Fetch the request again and sign what it shows with a key of an approver.',
}

/** Not by this, then; but by an approval of bob, so what came before was refused for what it was. */
export async function expectOneStart(
  attacked: Attacked,
  proposal: Proposal,
  ...evidence: readonly Evidence[]
): Promise<void> {
  for (const each of evidence) expect((await attacked.decide(proposal, each)).status).toBe(200)
  await attacked.provoke(proposal)
  expect(attacked.starts()).toBe(1)
}
