// Approved with the key that is in the agent anyway: an SSH signature, through the built artifact and to its end.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toCanonicalJson } from '#core/canonical-json.ts'
import type { Proposal } from '#core/proposal.ts'
import { toSignedText } from '#core/signed-text.ts'
import { createStatement, toSshNamespace, type Evidence } from '#core/statement.ts'
import { deploy, type Deployment } from '#support/deployment.ts'
import { expectProof } from '#support/expect-proof.ts'
import { anInstance, askFor, callsFor, expectEnd, playOut } from '#support/play.ts'
import { createSoftSshKey } from '#support/soft-ssh.ts'
import { HAS_SSH_KEYGEN, makeSshKey, signWith } from '#support/ssh-keygen.ts'
import type { teamDocument } from '#support/team.ts'

type Sign = (message: string, namespace: string) => string

const soft = createSoftSshKey('ssh-ed25519')
const securityKey = createSoftSshKey('sk-ecdsa-sha2-nistp256@openssh.com')
let folder: string
let deployment: Deployment
let bobs: { readonly line: string; readonly sign: Sign }
let document: ReturnType<typeof teamDocument>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'startgate-ssh-'))
  const file = join(folder, 'id_ed25519')
  bobs = HAS_SSH_KEYGEN
    ? { line: makeSshKey(file, '-t', 'ed25519'), sign: (message, namespace) => signWith(file, namespace, message) }
    : soft
  deployment = await deploy({
    instances: ['tool', 'touch', 'forged'].map((name) => anInstance(`i-bp1${name}`)),
    policy: (team) => {
      const people = team['people'] as Record<string, object>
      document = {
        ...team,
        people: { ...people, bob: { keys: [{ ssh: bobs.line }] }, carol: { keys: [{ ssh: securityKey.line }] } },
      }
      return document
    },
  })
})
afterAll(async () => {
  await deployment.close()
  await rm(folder, { recursive: true })
})

function signed(proposal: Proposal, approver: string, sign: Sign, audience = proposal.audience): Evidence {
  const statement = createStatement(proposal, 'approve', approver, Math.floor(Date.now() / 1000))
  const signature = sign(toSignedText(statement), toSshNamespace(audience))
  return { kind: 'ssh', statement: toCanonicalJson(statement), signature }
}

test.each([
  ['bob', 'the key of a file', 'i-bp1tool', (...said: Parameters<Sign>) => bobs.sign(...said)],
  ['carol', 'a security key', 'i-bp1touch', securityKey.sign],
] as const)(
  '%s approves with %s, the instance starts, and the receipt proves it',
  async (name, _, instanceId, sign) => {
    const played = await askFor(deployment, instanceId)
    const { proposal } = await deployment.show(played.id)
    const { status, body } = await deployment.decide(played.id, 'approve', signed(proposal, name, sign))

    expect({ status, state: body.state }).toEqual({ status: 200, state: 'ready' })
    await playOut(deployment, [played])
    await expectEnd(deployment, played, 'running')
    expect(deployment.cloud.ecs.instances.starts(instanceId)).toMatchObject([{ role: 'starter' }])
    await expectProof(await deployment.receipt(played.id), document)
  },
)

test('neither another key, nor another purpose, nor an untouched security key starts anything', async () => {
  const played = await askFor(deployment, 'i-bp1forged')
  const { proposal } = await deployment.show(played.id)
  const stranger = createSoftSshKey('ssh-ed25519')
  const attempts: readonly Evidence[] = [
    signed(proposal, 'bob', stranger.sign),
    signed(proposal, 'bob', bobs.sign, '1234567890123456/cn-hangzhou/startgate-staging'),
    signed(proposal, 'carol', bobs.sign),
    signed(proposal, 'carol', (message, namespace) => securityKey.sign(message, namespace, { flags: 0 })),
  ]
  const answers = await Promise.all(attempts.map(async (evidence) => deployment.decide(played.id, 'approve', evidence)))

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403])
  expect((await deployment.show(played.id)).state).toBe('pending')
  expect(callsFor(deployment, 'i-bp1forged')).toBe(0)
})
