import { randomBytes, randomUUID } from 'node:crypto'
import { expect } from '#infra/demo/deviation.ts'
import { STAGING_DB } from '#infra/demo/fleet.ts'
import { follow } from '#infra/demo/follow.ts'
import type { Stage } from '#infra/demo/stage.ts'
import { only } from './gist.ts'

export async function aMachineAsks(stage: Stage): Promise<void> {
  const { narrator, startgate, gate, cloud } = stage
  narrator.scene('A machine asks, by a signed webhook')
  narrator.say(
    'deploy-bot needs the staging database. It signs its message with a secret that it shares with the gate.',
  )
  const id = await askByWebhook(stage)

  narrator.say('No person stands behind this ask, so one approval is not enough.')
  const first = await startgate('chen', ['approve', id, '--yes'], only('Approved'))
  expect(first.exit === 0 && (await gate.show(id)).state === 'pending', 'one approval was enough for a machine')

  narrator.say(
    'Now the network eats every hint that the functions send each other. They lose nothing by it: each minute, here',
    'every three seconds, both look into the record themselves.',
  )
  const { faults } = cloud.spine
  const eaten = faults.add({ service: 'fc', times: null, fault: { kind: 'lost', applied: false } })
  const second = await startgate('lin', ['approve', id, '--yes'], only('Approved'))
  expect(second.exit === 0, 'lin could not approve')
  const { state } = await follow(gate, narrator, id)
  const hints = faults.list().find((fault) => fault.id === eaten)?.hits ?? 0
  faults.clear(eaten)
  expect(state === 'running' && hints > 0, `without hints the request is ${state}`)
  expect(cloud.ecs.instances.starts(STAGING_DB).length === 1, 'the instance was not started exactly once')
  narrator.good(`${hints} hints were lost, and nothing else; the team hears of it a minute later`)
}

/** Returns the id of the request. */
async function askByWebhook({ narrator, gate, cast, room }: Stage): Promise<string> {
  const ask = { instanceId: STAGING_DB, reason: 'Deployment 4711 migrates the staging schema' }
  const messageId = `deployment-4711-${randomUUID()}`
  const guessed = `whsec_${randomBytes(32).toString('base64')}`
  const forged = await gate.askByWebhook('deploy-bot', guessed, messageId, ask)
  expect(!forged.ok, 'a forged webhook was accepted')
  narrator.refused(`POST /v1/webhooks/deploy-bot, signed with a guess: ${forged.status} ${forged.problem.title}`)

  const asked = await gate.askByWebhook('deploy-bot', cast.botSecret, messageId, ask)
  expect(asked.ok, 'the webhook was refused')
  const { id, says } = asked.summary
  narrator.good(`POST /v1/webhooks/deploy-bot, signed with the secret: ${asked.status}`)
  narrator.output(says)
  await narrator.during(
    'the team is told',
    room.heard((news) => news.id === id),
  )

  const again = await gate.askByWebhook('deploy-bot', cast.botSecret, messageId, ask)
  expect(again.ok && again.summary.id === id, 'the repeated message became another request')
  narrator.good(`the same message once more: ${again.status}, and the same request`)
  return id
}
