import { expect } from '#infra/demo/deviation.ts'
import { FORECAST } from '#infra/demo/fleet.ts'
import { openPage } from '#infra/demo/phone-page.ts'
import type { Stage } from '#infra/demo/stage.ts'
import { expectStarted, idIn, only } from './gist.ts'

const SHOWN = ['subject', 'headline', 'fact-requester', 'fact-reason', 'fact-rule', 'says']

export async function aPasskey(stage: Stage): Promise<void> {
  const { narrator, startgate, gate, cast } = stage
  narrator.scene('Approved with a passkey, on a phone')
  narrator.say('mei needs forecast-1. chen is on a train, with a phone that holds a passkey.')
  const wish = ['ask', '--instance', FORECAST, '--reason', 'The figures of the night are missing']
  const id = idIn(await startgate('mei', wish, only('State')))

  narrator.say('The news has a link. The phone, here one in software, opens it and shows:')
  narrator.verbatim([`${gate.url}/r/${id}`])
  const { text, signing } = await narrator.during('opening the page', openPage(`${gate.url}/r/${id}`))
  for (const part of SHOWN) narrator.output(text(part))
  const { says, digest, audience, now } = signing
  expect(text('says') === says && text('digest') === digest, 'the page shows one request and has another signed')
  const offered = signing.signers.find(({ name }) => name === 'chen')
  expect(offered?.passkeys.includes(cast.phone.id) === true, 'the page does not offer the passkey of chen')

  const said = { v: 1, audience, decision: 'approve', proposal: digest, approver: 'chen', says } as const
  const evidence = cast.phone.assert({ ...said, iat: Math.floor(now / 1000) })
  const approved = await gate.approve(id, evidence)
  expect(approved.ok, 'chen could not approve')
  narrator.good('a touch on the phone: the passkey signs exactly that, and for this page’s address alone')
  await expectStarted(stage, { id, instanceId: FORECAST, kind: 'passkey' })
  narrator.good('running: nothing was installed, and nobody logged in')
}
