import { expect } from '#infra/demo/deviation.ts'
import { NOTEBOOKS } from '#infra/demo/fleet.ts'
import type { Stage } from '#infra/demo/stage.ts'
import { expectStarted, idIn, only } from './gist.ts'

/** Whether it could be played. */
export async function anSshKey(stage: Stage): Promise<boolean> {
  const { narrator, startgate, cast } = stage
  narrator.scene('Approved with an SSH key')
  if ('missing' in cast.ssh) {
    narrator.say(`Skipped: ${cast.ssh.missing}, and OpenSSH’s own tool is what signs here.`)
    return false
  }
  narrator.say(
    'mei needs notebooks-1. lin has an SSH key anyway; the line of its .pub file stands in the policy. OpenSSH’s own',
    'ssh-keygen signs, for this purpose and this deployment only.',
  )
  const wish = ['ask', '--instance', NOTEBOOKS, '--reason', 'The course begins at nine']
  const id = idIn(await startgate('mei', wish, only('State')))
  const approved = await startgate('lin', ['approve', id, '--yes', '--ssh-key', 'ssh/id_ed25519'], only('Approved'))
  expect(approved.exit === 0, 'lin could not approve')
  await expectStarted(stage, { id, instanceId: NOTEBOOKS, kind: 'ssh' })
  narrator.good('running: signed by ssh-keygen, verified by the gate and, for real, by the starter')
  return true
}
