// The scenes in their order.
import { aChat } from './scenes/a-chat.ts'
import { aLostAnswer } from './scenes/a-lost-answer.ts'
import { aMachineAsks } from './scenes/a-machine-asks.ts'
import { aPasskey } from './scenes/a-passkey.ts'
import { aPersonAsks } from './scenes/a-person-asks.ts'
import { aTimerAsks } from './scenes/a-timer-asks.ts'
import { anSshKey } from './scenes/an-ssh-key.ts'
import { refusals } from './scenes/refusals.ts'
import { theCast } from './scenes/the-cast.ts'
import { theProof } from './scenes/the-proof.ts'
import { theSum } from './scenes/the-sum.ts'
import type { Stage } from './stage.ts'

/** Approved by the time of the sum, besides the one with an SSH key. */
const APPROVED = 6

export async function tellStory(stage: Stage): Promise<void> {
  theCast(stage)
  const first = await aPersonAsks(stage)
  await aChat(stage)
  const hasSsh = await anSshKey(stage)
  await aPasskey(stage)
  await aMachineAsks(stage)
  await aTimerAsks(stage)
  await refusals(stage, first)
  const unclear = await aLostAnswer(stage)
  await theProof(stage, unclear)
  theSum(stage, APPROVED + (hasSsh ? 1 : 0))
}
