import { expect } from '#infra/demo/deviation.ts'
import { REPORTING } from '#infra/demo/fleet.ts'
import type { Stage } from '#infra/demo/stage.ts'
import { idIn, only } from './gist.ts'

/** Returns the id of the request. */
export async function aPersonAsks({ narrator, startgate, gate, room, cloud }: Stage): Promise<string> {
  narrator.scene('A person asks, over HTTPS')
  narrator.say('The monthly report is due, and reporting-1 is stopped. mei asks for it; her key signs the call.')
  const wish = ['ask', '--instance', REPORTING, '--reason', 'The monthly report is due']
  const asked = await startgate('mei', wish, only('Asked', 'State'))
  expect(asked.exit === 0, 'mei could not ask')
  const id = idIn(asked)
  await narrator.during(
    'the team is told',
    room.heard((news) => news.id === id),
  )

  narrator.say(
    'The gate, the function on the internet, looked the instance up and wrote a proposal down. Nothing has started;',
    'the gate could not. chen reads what would run, and signs exactly that. mei told chen the digest by phone, so not',
    'even the gate can show chen something else.',
  )
  const { digest } = await gate.show(id)
  const except = (line: string) => !/^(Record|Next)/.test(line)
  const approved = await startgate('chen', ['approve', id, '--yes', '--expect', digest], except)
  expect(approved.exit === 0, 'chen could not approve')

  narrator.say(
    'The starter, another function with another role, trusts nothing that the gate wrote: it verifies the signature',
    'itself, looks at the instance again, and calls ECS.',
  )
  const watched = await startgate('mei', ['watch', id], (line) => !line.startsWith('Record'))
  expect(watched.exit === 0, 'the instance does not run')
  expect(cloud.ecs.instances.starts(REPORTING).length === 1, 'the instance was not started exactly once')
  await narrator.during(
    'the team is told',
    room.heard((news) => news.id === id && news.state === 'running'),
  )
  return id
}
