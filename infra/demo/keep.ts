// After the story the stage belongs to the visitor.
import { GPU_TRAINER } from './fleet.ts'
import type { Stage } from './stage.ts'
import { toSettings } from './startgate-command.ts'

/** Never settles: a signal ends it. */
export async function stayUp(stage: Stage): Promise<void> {
  const { narrator, cast, gate, audience, cloud, cli } = stage
  const { control } = cloud.endpoints
  narrator.scene('Your turn')
  narrator.say('Everything stays up. In another terminal, be mei:')
  narrator.verbatim([
    ...Object.entries(toSettings({ cast, url: gate.url, audience }, 'mei')).map((entry) => `export ${entry.join('=')}`),
    `alias startgate='node ${cli}'`,
  ])
  narrator.say('Ask, look, and let others decide:')
  narrator.verbatim([
    `startgate ask --instance ${GPU_TRAINER} --reason "Training run 13"`,
    'startgate list',
    `startgate approve <id> --watch --name lin --key ${cast.keyFile('lin')}`,
    `startgate deny <id> --reason "Not today" --name chen --key ${cast.keyFile('chen')}`,
    `curl -s ${gate.url}/v1/start-requests/<id>`,
  ])
  narrator.say('Play the cloud: stop a machine, or lose the answer of the next StartInstance.')
  narrator.verbatim([
    `curl -s -X POST ${control}/instances/${GPU_TRAINER}/stop`,
    `curl -s ${control}/faults -H content-type:application/json \\`,
    `  -d '{"operation":"StartInstance","fault":{"kind":"lost","applied":true}}'`,
  ])
  narrator.say(
    `The policy is ${cast.policyFile}, the API is described at ${gate.url}/openapi.json, the cloud is played at`,
    `${control}. What the team hears and each StartInstance go on appearing here. Ctrl-C ends it and removes the keys.`,
  )
  narrator.rest()
  await new Promise(() => undefined)
}
