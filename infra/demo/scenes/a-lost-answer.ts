import { expect } from '#infra/demo/deviation.ts'
import { ARCHIVE } from '#infra/demo/fleet.ts'
import { follow } from '#infra/demo/follow.ts'
import type { Stage } from '#infra/demo/stage.ts'
import { idIn, only } from './gist.ts'

/** Returns the id of the request. */
export async function aLostAnswer({ narrator, startgate, gate, room, cloud }: Stage): Promise<string> {
  narrator.scene('An answer gets lost')
  narrator.say(
    'This time ECS carries StartInstance out, and the connection breaks before the answer. The starter cannot know',
    'what happened. Sending it again could start a machine that somebody has stopped meanwhile, so it only looks.',
  )
  const wish = ['ask', '--instance', ARCHIVE, '--reason', 'The auditors need the files of 2019']
  const id = idIn(await startgate('mei', wish, only('Asked')))
  const before = cloud.spine.operations.mark()
  cloud.spine.faults.add({
    service: 'ecs',
    operation: 'StartInstance',
    subject: ARCHIVE,
    fault: { kind: 'lost', applied: true },
  })
  const approved = await startgate('lin', ['approve', id, '--yes'], only('Approved'))
  expect(approved.exit === 0, 'lin could not approve')
  const { state } = await follow(gate, narrator, id)
  const calls = cloud.spine.operations.since(before).filter(({ operation }) => operation === 'StartInstance')
  const starts = cloud.ecs.instances.starts(ARCHIVE)
  expect(state === 'running', `archive-1 is ${state}`)
  expect(calls.length === 1 && starts.length === 1, `${calls.length} calls made ${starts.length} starts`)
  narrator.good('StartInstance was sent once, and archive-1 was started once')
  await narrator.during(
    'the team is told',
    room.heard((news) => news.id === id && news.state === state),
  )
  return id
}
