// What was said in a chat proves nothing by itself: a receipt says so, and is sound all the same.
import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '#core/chat.ts'
import type { RequestId } from '#core/request-id.ts'
import { createRow, headOf } from '#core/row.ts'
import { digestProposal } from '#core/proposal.ts'
import { hear } from '#flow/hear.ts'
import { receiptSchema } from '#lib/cli/answers.ts'
import { createChattyWorld, GROUP, onlyRequest, says, taps } from '#support/chatters.ts'
import { aProposal, stopped } from '#support/samples.ts'
import { INSTANCE } from '#support/world.ts'
import { judge, wrongs } from './judge.ts'
import { aReceipt, rechain } from './receipts.ts'

const CHAT = 'slack:T1/UBOB'
const NO = { type: 'denied', body: { approver: 'bob', chat: CHAT }, actor: { principal: 'bob' } } as const

async function playedReceipt(sayNo: (at: number, id: RequestId) => ChatEvent = (at, id) => taps('bob', id, { at })) {
  const world = createChattyWorld()
  const { gate, clock } = world
  const ask = says('alice', `start ${INSTANCE} the monthly report`, { at: clock.now(), where: GROUP })
  await hear(gate, ask)
  const { id, proposal } = onlyRequest(world)
  await clock.advance(1000)
  await hear(gate, sayNo(clock.now(), id))
  await world.runHints()
  const [asks, runs] = [world.asks.stream(id), world.runs.stream(digestProposal(proposal))]
  const receipt = { v: 1, kind: 'startgate-receipt', audience: gate.audience, asks, runs }
  return { receipt: receiptSchema.parse(JSON.parse(JSON.stringify(receipt))), policy: gate.policy }
}

describe('the receipt of a request', () => {
  it('that was asked and denied in a chat is verified, and says whose word the no is', async () => {
    const { receipt, policy } = await playedReceipt()
    const judgement = await judge(receipt, policy)
    expect(wrongs(judgement)).toBe('')
    expect(judgement).toMatchObject({ verified: true, outcome: { state: 'denied' } })
    expect(judgement.checks).toContainEqual({
      key: 'denied_in_chat',
      verdict: 'note',
      text: 'Denied by bob (entry 2): the word of slack:T1/UBOB.',
    })
    expect(receipt.asks[0]?.body).toMatchObject({ from: 'slack/group/C1' })
  })

  it('that was cancelled in a chat says whose word that is, too', async () => {
    const { receipt, policy } = await playedReceipt((at, id) => says('alice', `cancel ${id}`, { at, id: 'm2' }))
    const judgement = await judge(receipt, policy)
    expect(judgement).toMatchObject({ verified: true, outcome: { state: 'cancelled' } })
    expect(judgement.checks).toContainEqual({
      key: 'cancelled_in_chat',
      verdict: 'note',
      text: 'Cancelled by alice (entry 2): the word of slack:T1/UALICE.',
    })
  })

  it('does not say so of a no that was signed', async () => {
    const { checks } = await judge(aReceipt())
    expect(checks.map(({ key }) => key)).not.toContain('denied_in_chat')
  })

  it.each([
    ['another person', { actor: { principal: 'carol' } }],
    ['the gate', { actor: { function: 'gate' } }],
  ] as const)('is not sound when the no has %s as its author', async (_, change) => {
    const judgement = await judge(aReceipt({ asks: [{ ...NO, ...change }, stopped()] }))
    expect(judgement.verified).toBe(false)
    expect(wrongs(judgement)).toContain('Entry 2 of asks (denied) names somebody else')
  })

  it('is not sound when the no was put on a platform that there is not', async () => {
    const sound = aReceipt({ asks: [NO, stopped()] })
    expect((await judge(sound)).verified).toBe(true)
    const moved = rechain(sound.asks, ({ n, body }) =>
      n === 2 ? { body: { ...(body as object), chat: 'irc:T1/UBOB' } } : { body },
    )
    expect((await judge({ ...sound, asks: moved })).verified).toBe(false)
  })

  it('is not sound with a yes on the word of a platform', async () => {
    const proposal = aProposal()
    const { asks, ...rest } = aReceipt({ proposal })
    const content = {
      book: 'asks',
      stream: proposal.request.id,
      id: '1'.repeat(32),
      at: proposal.request.createdAt,
    } as const
    const yes = createRow(
      { ...content, type: 'approved', actor: { principal: 'bob' }, body: { approver: 'bob', chat: CHAT } },
      headOf(asks),
    )
    expect((await judge({ ...rest, asks: [...asks, yes] })).verified).toBe(false)
  })
})
