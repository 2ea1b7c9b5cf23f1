// After the story the stage belongs to the visitor.
import { basename, dirname, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { GPU_TRAINER } from './fleet.ts'
import { VISITOR } from './policy.ts'
import { idIn, only } from './scenes/gist.ts'
import type { Stage } from './stage.ts'
import { toSettings } from './startgate-command.ts'
import { readPasskey } from './visitor-key.ts'

/** Never settles: a signal ends it. `ssh`: the file of the visitor's own SSH key, which is in the policy. */
export async function stayUp(stage: Stage, ssh: string | undefined): Promise<void> {
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
    ...(ssh === undefined
      ? []
      : [`startgate approve $ID --name ${VISITOR} --ssh-key '${resolve(ssh)}' --watch   # or this, with your own key`]),
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
  narrator.say(
    'Or approve with a passkey of your own. This really is WebAuthn, which browsers allow at http://localhost: your own',
    `fingerprint reader, phone or security key signs. Open this page on this machine, give “${VISITOR}” as your name, make`,
    'a passkey, and paste the line that it prints here:',
  )
  narrator.verbatim([`${gate.url}/enrol`])
  narrator.rest()
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue
    try {
      await takePasskey(stage, line)
    } catch (error) {
      // What one line does wrong takes nothing down.
      narrator.refused(error instanceof Error ? error.message : String(error))
    }
  }
  await new Promise(() => undefined)
}

/** A line of the visitor becomes a key of the policy, and there is something to approve. */
async function takePasskey({ narrator, startgate, admit, gate }: Stage, line: string): Promise<void> {
  const read = readPasskey(line)
  if ('problem' in read) return narrator.refused(read.problem)
  await admit(read.key)
  narrator.good(`deployed: by the policy of both functions “${VISITOR}” may approve with this passkey`)
  const wish = ['ask', '--instance', GPU_TRAINER, '--reason', 'To see a passkey at work']
  const asked = await startgate('mei', wish, only('State', 'error'))
  // Where it runs already, that has just been said.
  if (asked.exit !== 0) return narrator.say('Stop it with the curl line above, and paste your line once more.')
  narrator.say(`Open this in the same browser, choose “${VISITOR}”, and touch:`)
  narrator.verbatim([`${gate.url}/r/${idIn(asked)}`])
}
