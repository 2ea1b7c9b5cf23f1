// The gate is taken over, and people approve with passkeys and SSH keys: what it makes of their signatures, and what the
// page that it serves can make them sign.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toCanonicalJson } from '#core/canonical-json.ts'
import type { Proposal } from '#core/proposal.ts'
import { withDomain } from '#core/signed-text.ts'
import { createStatement, toSshNamespace, type Evidence, type Statement } from '#core/statement.ts'
import { createSoftPasskey, type ForgedAssertion, type SoftPasskey } from '#infra/local/soft-passkey.ts'
import type { PolicyChange } from '#support/deployment.ts'
import { approved, deployHostile, requested, type Hostile, type SignedRequest } from '#support/hostile.ts'
import { expectNoStart, expectOneStart, expectOneStartOnceHonest } from '#support/hostile-steps.ts'
import { createSoftSshKey, type Change, type SoftSshKey } from '#support/soft-ssh.ts'
import { AUDIENCE } from '#support/team.ts'

type Name = 'alice' | 'bob' | 'carol' | 'stranger'

const SSH: Readonly<Record<Name, SoftSshKey>> = {
  alice: createSoftSshKey('ssh-ed25519'),
  bob: createSoftSshKey('ssh-ed25519'),
  carol: createSoftSshKey('sk-ecdsa-sha2-nistp256@openssh.com'),
  stranger: createSoftSshKey('ssh-ed25519'),
}
let passkeys: Readonly<Record<Name, SoftPasskey>>
let gate: Hostile

/** Everybody has a passkey and an SSH key besides the JWK; `guarded` wants one's own tool. */
const arm: PolicyChange = (document, { origin }) => {
  passkeys = {
    alice: createSoftPasskey({ origin }),
    bob: createSoftPasskey({ origin }),
    carol: createSoftPasskey({ origin, algorithm: 'RS256' }),
    stranger: createSoftPasskey({ origin }),
  }
  const people = document['people'] as Record<string, { readonly keys: readonly object[] }>
  const armed = (['alice', 'bob', 'carol'] as const).map((name) => {
    const keys = [...(people[name]?.keys ?? []), passkeys[name].policyKey, { ssh: SSH[name].line }]
    return [name, { ...people[name], keys }] as const
  })
  const guarded = { ...document.rules[0], name: 'guarded', instances: { tags: { team: 'guarded' } }, tool: 'own-tool' }
  return { ...document, people: { ...people, ...Object.fromEntries(armed) }, rules: [...document.rules, guarded] }
}

beforeAll(async () => {
  gate = await deployHostile(60, arm)
})
afterAll(async () => gate.close())

function textOf(proposal: Proposal, approver: Name, change: Partial<Statement> = {}): string {
  const sound = createStatement(proposal, 'approve', approver, Math.floor(Date.now() / 1000))
  return toCanonicalJson({ ...sound, ...change })
}

function assert(text: string, by: Name = 'bob', forged: ForgedAssertion = {}): Extract<Evidence, { kind: 'passkey' }> {
  return passkeys[by].assert(text, forged)
}

function signBySsh(
  text: string,
  by: Name = 'bob',
  change: Change = {},
  namespace = toSshNamespace(AUDIENCE),
): Evidence {
  return { kind: 'ssh', statement: text, signature: SSH[by].sign(withDomain(text), namespace, change) }
}

/** With one bit of the byte `at` the other way round. */
function turn(text: string, at: number): string {
  const bytes = Buffer.from(text, 'base64url')
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  return bytes.toString('base64url')
}

async function startsWith(signed: SignedRequest, evidence: Evidence): Promise<void> {
  await gate.forge(signed.id, [requested(signed.proposal), approved(evidence)])
  await expectOneStart(gate, signed)
}

type Fake = (proposal: Proposal) => Evidence

const PASSKEY_FAKES: readonly (readonly [string, Fake])[] = [
  [
    'bytes that were made up',
    (proposal) => ({ ...assert(textOf(proposal, 'bob')), signature: Buffer.alloc(70, 7).toString('base64url') }),
  ],
  ['a passkey that is in no policy', (proposal) => assert(textOf(proposal, 'bob'), 'stranger')],
  [
    'a passkey of its own under the id of bob’s',
    (proposal) => assert(textOf(proposal, 'bob'), 'stranger', { credential: passkeys.bob.id }),
  ],
  ['carol’s passkey in the name of bob', (proposal) => assert(textOf(proposal, 'bob'), 'carol')],
  ['the requester’s own passkey', (proposal) => assert(textOf(proposal, 'alice'), 'alice')],
  [
    'the assertion of a denial under the words of an approval',
    (proposal) => ({
      ...assert(textOf(proposal, 'bob', { decision: 'deny' })),
      statement: textOf(proposal, 'bob'),
    }),
  ],
  ['a denial', (proposal) => assert(textOf(proposal, 'bob', { decision: 'deny' }))],
  ['other words than those of the request', (proposal) => assert(textOf(proposal, 'bob', { says: 'start nothing' }))],
  ['an approval for another deployment', (proposal) => assert(textOf(proposal, 'bob', { audience: '12345678/a/b' }))],
  [
    'what bob signed on a page that looks like ours',
    (proposal) => assert(textOf(proposal, 'bob'), 'bob', { origin: 'https://gate.attacker.example' }),
  ],
  [
    'what bob signed in a frame of another page',
    (proposal) => assert(textOf(proposal, 'bob'), 'bob', { crossOrigin: true }),
  ],
  [
    'what bob signed when he made the passkey',
    (proposal) => assert(textOf(proposal, 'bob'), 'bob', { type: 'webauthn.create' }),
  ],
  ['what bob’s phone signed without knowing him', (proposal) => assert(textOf(proposal, 'bob'), 'bob', { flags: 1 })],
  [
    'what bob’s phone signed without knowing him, said to know him',
    (proposal) => {
      const unknown = assert(textOf(proposal, 'bob'), 'bob', { flags: 1 })
      const { authenticatorData } = assert(textOf(proposal, 'bob'), 'bob', { flags: 5 })
      return { ...unknown, authenticatorData }
    },
  ],
  [
    'an altered signature',
    (proposal) => {
      const sound = assert(textOf(proposal, 'bob'))
      return { ...sound, signature: turn(sound.signature, 20) }
    },
  ],
  [
    'a sound one in another spelling',
    (proposal) => {
      const sound = assert(textOf(proposal, 'bob'))
      return { ...sound, signature: `${sound.signature}=` }
    },
  ],
]

const SSH_FAKES: readonly (readonly [string, Fake])[] = [
  [
    'bytes that were made up',
    (proposal) => signBySsh(textOf(proposal, 'bob'), 'bob', { raw: () => Buffer.alloc(64, 7) }),
  ],
  ['an SSH key that is in no policy', (proposal) => signBySsh(textOf(proposal, 'bob'), 'stranger')],
  [
    'an SSH key of its own under the name of bob’s',
    (proposal) => {
      const blob = Buffer.from(SSH.bob.line.split(' ')[1] ?? '', 'base64')
      return signBySsh(textOf(proposal, 'bob'), 'stranger', { blob })
    },
  ],
  ['carol’s SSH key in the name of bob', (proposal) => signBySsh(textOf(proposal, 'bob'), 'carol')],
  ['the requester’s own SSH key', (proposal) => signBySsh(textOf(proposal, 'alice'), 'alice')],
  ['a denial by SSH', (proposal) => signBySsh(textOf(proposal, 'bob', { decision: 'deny' }))],
  ['what bob signed for git', (proposal) => signBySsh(textOf(proposal, 'bob'), 'bob', {}, 'git')],
  [
    'a security key that nobody touched, said to have been',
    (proposal) => signBySsh(textOf(proposal, 'carol'), 'carol', { flags: 0, writtenFlags: 1 }),
  ],
]

describe('it puts an approved row with', () => {
  test.each(PASSKEY_FAKES)('%s', async (_what, fake) => {
    const signed = await gate.askAndSign()
    await gate.forge(signed.id, [requested(signed.proposal), approved(fake(signed.proposal))])
    await expectNoStart(gate, signed)
    await startsWith(signed, assert(textOf(signed.proposal, 'bob')))
  })

  test.each(SSH_FAKES)('%s', async (_what, fake) => {
    const signed = await gate.askAndSign()
    await gate.forge(signed.id, [requested(signed.proposal), approved(fake(signed.proposal))])
    await expectNoStart(gate, signed)
    await startsWith(signed, signBySsh(textOf(signed.proposal, 'bob')))
  })
})

describe('it replays', () => {
  test.each<readonly [string, (text: string) => Evidence]>([
    ['an assertion', assert],
    ['an SSH signature', signBySsh],
  ])('%s from another request, with its own statement and with this one’s', async (_what, sign) => {
    const first = await gate.askAndSign()
    const second = await gate.askAndSign()
    const evidence = sign(textOf(first.proposal, 'bob'))
    for (const replayed of [evidence, { ...evidence, statement: textOf(second.proposal, 'bob') }]) {
      await gate.forge(second.id, [requested(second.proposal), approved(replayed)])
      await expectNoStart(gate, second)
    }
    await startsWith(first, evidence)
    await expectOneStartOnceHonest(gate, second)
  })

  test('one passkey’s assertions under two names, where two must approve', async () => {
    const signed = await gate.askAndSign({ team: 'scratch' })
    const text = textOf(signed.proposal, 'bob')
    const bobs = [approved(assert(text)), approved(assert(text, 'bob', { counter: 9 }), 'carol')]
    await gate.forge(signed.id, [requested(signed.proposal), ...bobs, approved(signBySsh(text), 'carol')])
    await expectNoStart(gate, signed)
    const carols = approved(assert(textOf(signed.proposal, 'carol'), 'carol'), 'carol')
    await gate.forge(signed.id, [requested(signed.proposal), ...bobs, carols])
    await expectOneStart(gate, signed)
  })
})

describe('a page that lies', () => {
  /** Bob sees one request and touches the reader; the page has had his phone sign another one, which no phone shows. */
  const approveOnLyingPage = (_shown: SignedRequest, given: SignedRequest): Evidence =>
    assert(textOf(given.proposal, 'bob'))

  test('gets another request started than the one that it shows', async () => {
    const shown = await gate.askAndSign()
    const other = await gate.askAndSign()
    const evidence = approveOnLyingPage(shown, other)
    await gate.forge(shown.id, [requested(shown.proposal), approved(evidence)])
    await expectNoStart(gate, shown)
    await startsWith(other, evidence)
    expect(gate.cloud.ecs.instances.starts(shown.instanceId)).toEqual([])
  })

  test('does not where the rule wants one’s own tool, however many it deceives', async () => {
    const shown = await gate.askAndSign()
    const guarded = await gate.askAndSign({ team: 'guarded' })
    const bobs = approveOnLyingPage(shown, guarded)
    const carols = assert(textOf(guarded.proposal, 'carol'), 'carol')
    await gate.forge(guarded.id, [requested(guarded.proposal), approved(bobs), approved(carols, 'carol')])
    await expectNoStart(gate, guarded)
    // Bob’s terminal shows him what he signs.
    await startsWith(guarded, signBySsh(textOf(guarded.proposal, 'bob')))
  })

  test('does not get local disks wiped, whatever the rule says of tools', async () => {
    const shown = await gate.askAndSign()
    const wiping = await gate.askAndSign({ team: 'scratch', initLocalDisk: true })
    const bobs = approved(approveOnLyingPage(shown, wiping))
    const carols = approved(assert(textOf(wiping.proposal, 'carol'), 'carol'), 'carol')
    await gate.forge(wiping.id, [requested(wiping.proposal), bobs, carols])
    await expectNoStart(gate, wiping)
    const byTool = approved(signBySsh(textOf(wiping.proposal, 'carol'), 'carol'), 'carol')
    await gate.forge(wiping.id, [requested(wiping.proposal), bobs, byTool])
    await expectOneStart(gate, wiping)
  })
})
