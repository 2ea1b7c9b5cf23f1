import { expect } from '#infra/demo/deviation.ts'
import { DASHBOARD } from '#infra/demo/fleet.ts'
import { follow } from '#infra/demo/follow.ts'
import type { Stage } from '#infra/demo/stage.ts'
import { only } from './gist.ts'

export async function aTimerAsks({ narrator, startgate, gate, functions, room, cloud }: Stage): Promise<void> {
  narrator.scene('A timer asks')
  narrator.say(
    'Every workday morning a timer asks for dashboard-1, for mei. It asks ahead, so that somebody can approve before',
    'the machine is needed: in real life half an hour, in this story five seconds. It fires now.',
  )
  functions.fireTimer('gate', 'ask-example')
  const asked = room.heard(({ instanceId }) => instanceId === DASHBOARD)
  const { id } = await narrator.during('the timer asks', asked)
  const approved = await startgate('lin', ['approve', id, '--yes'], only('Approved'))
  expect(approved.exit === 0, 'lin could not approve')
  const { state, proposal } = await follow(gate, narrator, id)
  const [start, ...more] = cloud.ecs.instances.starts(DASHBOARD)
  expect(state === 'running' && start !== undefined && more.length === 0, 'it was not started exactly once')
  const { notBefore } = proposal.request
  expect(notBefore !== null && start.at >= notBefore, 'it was started before its time')
  narrator.good(`wanted from ${toTime(notBefore)} on, approved ahead, started at ${toTime(start.at)}`)
  await narrator.during(
    'the team is told',
    room.heard((news) => news.id === id && news.state === 'running'),
  )
}

function toTime(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}
