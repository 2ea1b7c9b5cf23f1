// A gate in somebody else's hands, and one of a newer version: they write the gate's book past the flow.
import type { Proposal } from '#core/proposal.ts'
import { digestProposal } from '#core/proposal.ts'
import { MINUTE, SECOND } from '#core/durations.ts'
import { createRow, headOf, NO_HEAD, type Row } from '#core/row.ts'
import { toOpenEntry } from '#flow/ask.ts'
import { oneIn } from './choices.ts'
import { deliverHint } from './functions.ts'
import { APPROVERS } from './policies.ts'
import { pick, type Act } from './people.ts'
import type { Asked, Town } from './town.ts'

const NOBODY = 'req_00000000000000000000000000000000'

/** Everything in it is sound but for what it says. */
function rewrite(
  town: Town,
  rows: readonly Pick<Row, 'stream' | 'type' | 'at' | 'actor' | 'body'>[],
  whole: boolean,
): void {
  const [first] = rows
  if (first === undefined) return
  let head = whole ? NO_HEAD : headOf(town.asks.stream(first.stream))
  for (const row of rows) {
    const put = createRow({ ...row, book: 'asks', id: town.random.id() }, head)
    town.asks.overwrite(put)
    head = headOf([put])
  }
}

const raise = (town: Town, { proposal }: Asked): Promise<boolean> => town.open.raise(toOpenEntry(proposal, 'start'))

/** Says that somebody approved, with a token of another request, of a no, of the future, or of nobody. */
export const forges: Act = async (town) => {
  if (!town.weather.hostile || town.asked.size === 0) return
  const asked = pick(town, [...town.asked.values()])
  const approver = pick(town, APPROVERS)
  const iat = Math.floor((town.scheduler.now() + 60 * MINUTE) / SECOND)
  const evidence = oneIn(town.random, 3)
    ? town.ledger.sign(approver, 'approve', asked.proposal, iat, 'own-tool')
    : town.ledger.signatures.length > 0 && oneIn(town.random, 2)
      ? pick(town, town.ledger.signatures).evidence
      : ({ kind: 'jws', token: 'made-up' } as const)
  const at = town.scheduler.now() + pick(town, [0, 60 * MINUTE])
  rewrite(
    town,
    [
      {
        stream: asked.proposal.request.id,
        type: 'approved',
        at,
        actor: { principal: approver },
        body: { approver, evidence },
      },
    ],
    false,
  )
  await raise(town, asked)
}

/** Asks for something else, or on other terms, in a book that is whole again afterwards. */
export const alters: Act = async (town) => {
  if (!town.weather.hostile || town.asked.size === 0) return
  const asked = pick(town, [...town.asked.values()])
  const { request, rule } = asked.proposal
  const changes: readonly Proposal[] = [
    { ...asked.proposal, request: { ...request, instanceId: 'i-plain1' } },
    { ...asked.proposal, request: { ...request, initLocalDisk: true } },
    { ...asked.proposal, request: { ...request, expiresAt: request.expiresAt + 60 * MINUTE } },
    { ...asked.proposal, request: { ...request, requester: { principal: 'dave', via: 'api' } } },
    { ...asked.proposal, rule: { ...rule, approvals: 1, approvers: ['alice', ...APPROVERS] } },
  ]
  const proposal = pick(town, changes)
  const [first, ...rest] = town.asks.stream(request.id)
  if (first === undefined) return
  const body = { ...(first.body as object), proposal, digest: digestProposal(proposal) }
  rewrite(town, [{ ...first, body }, ...rest], true)
  await raise(town, { proposal, digest: digestProposal(proposal) })
}

/** Hides what people said. */
export const hides: Act = async (town) => {
  if (!town.weather.hostile || town.asked.size === 0) return
  const { proposal } = pick(town, [...town.asked.values()])
  const kept = town.asks.stream(proposal.request.id).filter(({ type }) => type === 'requested' || type === 'approved')
  rewrite(town, kept, true)
}

/** A hint is any text that its sender likes, and most worth sending for what may be started. */
export const lures: Act = async (town) => {
  if (!town.weather.hostile || town.asked.size === 0) return
  const asked = [...town.asked.keys()]
  const approved = asked.filter((each) => town.asks.stream(each).some(({ type }) => type === 'approved'))
  const id = pick(town, approved.length > 0 ? approved : asked)
  await deliverHint(town, { to: 'starter', request: pick(town, [`${id}~i-plain1`, `${id}~i-plain0`, NOBODY]) })
}

/** A newer version puts a row that this one cannot read. */
export const isNewer: Act = async (town) => {
  if (!town.weather.newer || town.asked.size === 0) return
  const { proposal } = pick(town, [...town.asked.values()])
  town.newer = true
  const at = town.scheduler.now()
  rewrite(town, [{ stream: proposal.request.id, type: 'delegated', at, actor: { function: 'gate' }, body: {} }], false)
}
