import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { keySchema } from '#core/key-form.ts'
import { toSignedText } from '#core/signed-text.ts'
import { toSshNamespace } from '#core/statement.ts'
import { createSoftSshKey } from '#support/soft-ssh.ts'
import { HAS_SSH_KEYGEN, makeSshKey, signWith } from '#support/ssh-keygen.ts'
import { aPolicy, aPolicyDocument } from '#support/samples.ts'
import { STATEMENT } from './tokens.ts'

const NAMESPACE = toSshNamespace(STATEMENT.audience)
const MESSAGE = toSignedText(STATEMENT)
const folder = mkdtempSync(join(tmpdir(), 'startgate-ssh-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!HAS_SSH_KEYGEN)('OpenSSH’s own tool', () => {
  it.each([
    ['ed25519', []],
    ['ecdsa', ['-b', '256']],
  ])('signs with %s what is verified here', async (type, options) => {
    const file = join(folder, type)
    const line = makeSshKey(file, '-t', type, ...options)
    const people = { ...(aPolicyDocument()['people'] as object), bob: { keys: [{ ssh: line }] } }
    const verify = async (signature: string) =>
      createEvidenceVerifier().verify(
        { kind: 'ssh', statement: toCanonicalJson(STATEMENT), signature },
        aPolicy({ people }),
      )

    for (const hash of ['sha256', 'sha512']) {
      const signature = signWith(file, NAMESPACE, MESSAGE, '-O', `hashalg=${hash}`)
      expect(await verify(signature)).toMatchObject({ signed: { statement: STATEMENT, principal: 'bob' } })
    }
    expect(await verify(signWith(file, 'git', MESSAGE))).toEqual({ flaw: 'another_audience' })
    expect(await verify(signWith(file, NAMESPACE, `${MESSAGE}\n`))).toEqual({ flaw: 'signature' })
  })

  it.each(['sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com'] as const)(
    'finds the %s of these tests to sign as a security key does',
    (type) => {
      const key = createSoftSshKey(type)
      const [signers, signature] = [join(folder, 'signers'), join(folder, `${type}.sig`)]
      writeFileSync(signers, `bob ${key.line}\n`)
      writeFileSync(signature, key.sign(MESSAGE, NAMESPACE))
      const args = ['-Y', 'verify', '-f', signers, '-I', 'bob', '-n', NAMESPACE, '-s', signature]
      const { status, stdout } = spawnSync('ssh-keygen', args, { input: MESSAGE, encoding: 'utf8' })

      expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('Good') })
      // The tool shows the id that the policy has for such a key, in plain base64.
      const { kid } = keySchema.parse({ ssh: key.line })
      expect(stdout).toContain(`SHA256:${Buffer.from(kid, 'base64url').toString('base64').replace(/=+$/, '')}`)
    },
  )
})
