import { expect } from '#infra/demo/deviation.ts'
import { GPU_TRAINER, INVOICES, nameOf } from '#infra/demo/fleet.ts'
import type { Narrator } from '#infra/demo/narrator.ts'
import type { Stage } from '#infra/demo/stage.ts'
import { OPS } from '#infra/demo/team-chats.ts'
import type { Shown } from '#infra/local/chat/peer.ts'
import { idIn, only } from './gist.ts'

/** On Slack the value stands below its label. */
const ASKED = ['Instance', 'Name', 'Asked by', 'Reason', 'Rule', 'Valid until', 'Approved by', 'May still approve']
const OUTCOME = ['Instance', 'Name', 'Asked by', 'Approved by']

export async function aChat(stage: Stage): Promise<void> {
  const { narrator } = stage
  narrator.scene('In the team’s chat')
  narrator.say(
    'mei and lin talk on Slack, chen on DingTalk. Both are played on this machine, and sign what they send as the real',
    'ones do. In #ops mei asks for a machine by its name, and its card appears:',
  )
  const { id, card } = await askInChannel(stage)
  narrator.say('The word of a platform is enough to ask and to stop, and never to start. lin tries:')
  await sayYes(stage, id)
  narrator.say('Review on the card opens the page of the request. chen signs in a terminal:')
  await approveCard(stage, id, card)
  narrator.say('chen asks on DingTalk, in Chinese. lin, who is asked on Slack, taps Deny, and so chen’s card says no:')
  await askAndDeny(stage)
}

async function askInChannel({ narrator, gate, chats }: Stage): Promise<{ id: string; card: Shown }> {
  const text = `start ${nameOf(INVOICES)} The invoices go out today`
  narrator.chat('mei in #ops', `/startgate ${text}`)
  await chats.say(gate.url, 'mei', text, OPS)
  const card = await narrator.during('the card is on its way', chats.message(OPS, INVOICES))
  showCard(narrator, card, ASKED)
  return { id: idIn({ lines: [JSON.stringify(card.buttons)] }), card }
}

async function sayYes({ narrator, gate, chats }: Stage, id: string): Promise<void> {
  narrator.chat('lin to Startgate', `/startgate approve ${id}`)
  await chats.say(gate.url, 'lin', `approve ${id}`)
  const answer = await narrator.during('the answer is on its way', chats.message('lin', 'Nothing was approved'))
  narrator.refused(answer.text)
}

async function approveCard({ narrator, startgate, chats, cloud, room }: Stage, id: string, card: Shown): Promise<void> {
  const approved = await startgate('chen', ['approve', id, '--yes'], only('Approved'))
  expect(approved.exit === 0, 'chen could not approve')
  const changed = await narrator.during('the machine starts', chats.message(OPS, 'The instance runs'))
  expect(changed.id === card.id, 'the outcome is another message than the card')
  expect(cloud.ecs.instances.starts(INVOICES).length === 1, 'the instance was not started exactly once')
  await narrator.during(
    'the team is told',
    room.heard((news) => news.id === id && news.state === 'running'),
  )
  narrator.say('The card in #ops is now the outcome:')
  showCard(narrator, changed, OUTCOME)
}

async function askAndDeny({ narrator, gate, chats, cloud, room }: Stage): Promise<void> {
  const text = `启动 ${nameOf(GPU_TRAINER)} 训练第 11 次`
  narrator.chat('chen to Startgate', text)
  await chats.say(gate.url, 'chen', text)
  const card = await narrator.during('the card is on its way', chats.message('lin', GPU_TRAINER))
  narrator.chat('lin taps', '[Deny]')
  await chats.tap(gate.url, 'lin', card)
  const own = await narrator.during('the card changes', chats.message('chen', '启动已被拒绝'))
  await narrator.during(
    'the team is told',
    room.heard((news) => news.instanceId === GPU_TRAINER && news.state === 'denied'),
  )
  showCard(narrator, own)
  expect(cloud.ecs.instances.starts(GPU_TRAINER).length === 0, 'what was denied was started')
  narrator.good('denied by lin, and never started')
}

/** Its title, how it stands, the facts that have one of these labels, and its buttons. */
function showCard(narrator: Narrator, { text, buttons }: Shown, labels: readonly string[] = []): void {
  const width = Math.max(...labels.map(({ length }) => length))
  const [title = '', headline = '', ...more] = text.split('\n')
  const facts = labels.flatMap((label) => {
    const value = more[more.indexOf(label) + 1]
    return more.includes(label) && value !== undefined ? [`${label.padEnd(width)} ${value}`] : []
  })
  narrator.card({ title, lines: [headline, ...facts], buttons: buttons.map(({ label }) => label) })
}
