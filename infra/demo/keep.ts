// After the story the stage belongs to the visitor.
import { basename, dirname } from 'node:path'
import { GPU_TRAINER } from './fleet.ts'
import type { Stage } from './stage.ts'
import { toSettings } from './startgate-command.ts'

/** Never settles: a signal ends it. */
export async function stayUp(stage: Stage): Promise<void> {
  const { narrator, cast, gate, audience, cloud, cli } = stage
  const { control } = cloud.endpoints
  narrator.scene('Your turn')
  narrator.say('Everything stays up. In another terminal, be mei:')
  const { STARTGATE_KEY: key, ...settings } = toSettings({ cast, url: gate.url, audience }, 'mei')
  narrator.verbatim([
    ...Object.entries(settings).map((entry) => `export ${entry.join('=')}`),
    `KEYS=${dirname(key)}`,
    `export STARTGATE_KEY=$KEYS/${basename(key)}`,
    `alias startgate='node ${cli}'`,
  ])
  narrator.say('Ask, and let others decide:')
  narrator.verbatim([
    `ID=$(startgate ask --instance ${GPU_TRAINER} --reason "Training run 13" --json | node -p 'JSON.parse(fs.readFileSync(0)).id')`,
    'startgate show $ID',
    'startgate deny $ID --name chen --key $KEYS/chen.json --reason "Not today"     # either this',
    'startgate approve $ID --name lin --key $KEYS/lin.json --watch                 # or this',
    'startgate list',
    `curl -s ${gate.url}/v1/start-requests/$ID`,
  ])
  narrator.say('Play the cloud: stop a machine, or lose the answer of the next StartInstance.')
  narrator.verbatim([
    `curl -s -X POST ${control}/instances/${GPU_TRAINER}/stop`,
    `curl -s ${control}/faults -H content-type:application/json \\`,
    `  -d '{"operation":"StartInstance","fault":{"kind":"lost","applied":true}}'`,
  ])
  narrator.say(
    `The policy is ${cast.policyFile}, the API is described at ${gate.url}/openapi.json, and the cloud is played at`,
    `${control}. What the team hears and each StartInstance go on appearing here. Ctrl-C ends it and removes the keys.`,
  )
  narrator.rest()
  await new Promise(() => undefined)
}
