// What a visitor of the demo may hand over as a key of their own, and what is said of everything else.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readPasskey, readSshKey } from '#infra/demo/visitor-key.ts'
import { createSoftPasskey } from '#infra/local/soft-passkey.ts'
import { createSoftSshKey } from '#support/soft-ssh.ts'

const { line } = createSoftSshKey('ssh-ed25519')
const { policyKey } = createSoftPasskey({ origin: 'http://localhost:8080' })
const flow = Object.entries(policyKey).map((entry) => entry.join(': '))

async function fileWith(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'startgate-key-'))
  onTestFinished(async () => await rm(folder, { recursive: true }))
  const file = join(folder, 'id.pub')
  await writeFile(file, content)
  return file
}

test('takes the line of a .pub file', async () => {
  expect(await readSshKey(await fileWith(`${line}\n`))).toEqual({ key: { ssh: line } })
})

test.each([
  [
    'a private key',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n',
    /is a private key.*Give the \.pub file beside it\.$/,
  ],
  ['a text', 'Milk, bread\n', /holds no key that can approve: an SSH key is the one line of its \.pub file/],
  ['two keys', `${line}\n${line}\n`, /holds no key that can approve/],
  ['an RSA key', 'ssh-rsa AAAAB3NzaC1yc2E= me\n', /an RSA key cannot approve; make one with: ssh-keygen -t ed25519/],
])('refuses a file with %s', async (_, content, problem) => {
  expect(await readSshKey(await fileWith(content))).toEqual({ problem: expect.stringMatching(problem) })
})

test('says that there is no such file, or that it cannot be read', async () => {
  expect(await readSshKey('/nowhere/id.pub')).toEqual({ problem: 'There is no file /nowhere/id.pub.' })
  expect(await readSshKey(tmpdir())).toEqual({ problem: `${tmpdir()} cannot be read.` })
})

test.each([
  ['as it stands in a policy', `      - { ${flow.join(', ')} } # its id`],
  ['alone', `{ ${flow.join(', ')} }`],
])('takes the line of a passkey %s', (_, pasted) => {
  expect(readPasskey(pasted)).toEqual({ key: policyKey })
})

test.each([
  ['a text', 'hello', /not the line that \/enrol prints/],
  ['half a line', `- { ${flow.join(', ').slice(0, 60)}`, /not the line that \/enrol prints/],
  ['a key of another kind', `- { ssh: ${line} }`, /not the line that \/enrol prints/],
  [
    'a passkey without its key',
    `- { passkey: ${policyKey['passkey'] ?? ''} }`,
    /no whole passkey: kty: is missing\. Copy the whole line once more\.$/,
  ],
  [
    'a passkey of an unknown kind',
    `- { ${flow.join(', ').replace('kty: EC', 'kty: EZ')} }`,
    /no whole passkey: kty: must be one of .*EC.*\. Copy/,
  ],
  [
    'a passkey that lost a letter',
    `- { ${flow.join(', ').replace(/ x: ./, ' x: ')} }`,
    /no whole passkey: x: 32 bytes in base64url are 43 characters\. Copy/,
  ],
  [
    'a passkey whose letters were changed',
    `- { ${flow.join(', ').replace(/ x: [\w-]+/, ` x: ${'A'.repeat(43)}`)} }`,
    /no whole passkey: nobody could sign for this public key\. Copy/,
  ],
  [
    'a passkey with something else',
    `- { ${flow.join(', ')}, name: you }`,
    /no whole passkey: name: is not known here\. Copy/,
  ],
])('refuses %s in its place', (_, pasted, problem) => {
  expect(readPasskey(pasted)).toEqual({ problem: expect.stringMatching(problem) })
})
