// Decisions signed with SSH keys, by the real ssh-keygen and a throw-away key.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { parsePolicy, type Policy } from '#core/policy.ts'
import { toSignedText } from '#core/signed-text.ts'
import { toSshNamespace, type Evidence } from '#core/statement.ts'
import { aPolicy, aPolicyDocument, aProposal, aStatement, AUDIENCE, NOW, REQUEST } from '#support/samples.ts'
import { createSoftSshKey } from '#support/soft-ssh.ts'
import { HAS_SSH_KEYGEN, makeSshKey } from '#support/ssh-keygen.ts'
import { startGate, type Gate } from './gate.ts'
import { useTerminal } from './terminal.ts'

const terminal = useTerminal()
const approve = ['approve', REQUEST, '--yes']
let gate: Gate

beforeEach(async () => void (gate = await startGate(aProposal())))
afterEach(async () => await gate.close())

function posted(): { readonly decision: string; readonly evidence: Evidence } | undefined {
  const call = gate.calls.find(({ method }) => method === 'POST')
  return call && (JSON.parse(call.body) as { decision: string; evidence: Evidence })
}

describe('enrol --ssh', () => {
  it('prints a line that a policy takes, and makes no key', async () => {
    const { line } = createSoftSshKey('sk-ssh-ed25519@openssh.com')
    const file = terminal.file('zoe.pub')
    await writeFile(file, `${line} "zoe's" # key\n`)
    const { code, out } = await terminal.run(['enrol', '--name', 'zoe', '--ssh', file])
    const printed = parse(out.slice(out.indexOf('\npeople:'), out.indexOf('Key id'))) as { people: object }
    const policy = parsePolicy(
      aPolicyDocument({ people: { ...(aPolicyDocument()['people'] as object), ...printed.people } }),
    )
    const key = policy.ok ? policy.policy.people['zoe']?.keys[0] : undefined

    expect(code).toBe(0)
    expect(key?.ssh?.blob).toBe(line.split(' ')[1])
    expect(out).toContain(`Key id ${key?.kid}.`)
    expect(out).toContain(`--ssh-key ${file}`)
    expect(out).toContain('To ask as well, make another key: startgate enrol --name zoe')
    expect(out).not.toContain('private key')
  })

  it('prints JSON', async () => {
    const { line } = createSoftSshKey('ssh-ed25519')
    const file = terminal.file('json.pub')
    await writeFile(file, `${line}\n`)
    const { out } = await terminal.run(['enrol', '--name', 'zoe', '--ssh', file, '--json'])

    expect(JSON.parse(out)).toEqual({
      name: 'zoe',
      file,
      kid: expect.stringMatching(/^[\w-]{43}$/),
      key: { ssh: line },
    })
  })

  it.each([
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nhidden\n', 'is a private key. It stays with you: give'],
    ['an RSA key', 'ssh-rsa AAAA me@example.com\n', 'RSA'],
  ])('takes no file of %s, and shows nothing of it', async (_what, text, why) => {
    const file = terminal.file('wrong.pub')
    await writeFile(file, text)
    const { code, out, err } = await terminal.run(['enrol', '--name', 'zoe', '--ssh', file])

    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(why)
    expect(err).not.toContain('hidden')
  })

  it('needs a file that there is, and makes none', async () => {
    expect((await terminal.run(['enrol', '--name', 'zoe', '--ssh', terminal.file('no.pub')])).code).toBe(2)
    expect((await terminal.run(['enrol', '--name', 'zoe', '--ssh', 'x', '--out', 'y'])).code).toBe(2)
  })
})

describe('a tool that does not sign', () => {
  it('is not even called with a key that cannot approve', async () => {
    const file = terminal.file('id_rsa')
    await writeFile(`${file}.pub`, 'ssh-rsa AAAA me@example.com')
    for (const given of [file, `${file}.pub`]) {
      const { code, err } = await terminal.run([...approve, '--ssh-key', given], { gate })
      expect(code).toBe(2)
      expect(err).toContain('an RSA key cannot approve')
    }
    expect(posted()).toBeUndefined()
  })

  it('is said to be missing', async () => {
    const env = { STARTGATE_SSH_KEY: terminal.file('key') }
    const { code, err } = await terminal.run(approve, { gate, env, runProgram: () => Promise.resolve(undefined) })

    expect(code).toBe(2)
    expect(err).toContain('There is no ssh-keygen on this machine.')
    expect(posted()).toBeUndefined()
  })

  it.each([
    ['fails', { code: 255, stdout: '' }],
    ['says something else', { code: 0, stdout: 'hello' }],
  ])('and %s sends nothing', async (_what, ran) => {
    const { code, err } = await terminal.run([...approve, '--ssh-key', 'key'], {
      gate,
      runProgram: () => Promise.resolve(ran),
    })

    expect(code).toBe(2)
    expect(err).toContain('ssh-keygen did not sign with key.')
    expect(posted()).toBeUndefined()
  })
})

describe.skipIf(!HAS_SSH_KEYGEN)('with ssh-keygen', () => {
  let key: string
  let policy: Policy

  beforeAll(() => {
    key = terminal.file('id_ed25519')
    const people = aPolicyDocument()['people'] as object
    policy = aPolicy({ people: { ...people, bob: { keys: [{ ssh: makeSshKey(key, '-t', 'ed25519') }] } } })
  })

  async function expectSent(decision: 'approve' | 'deny', reason?: string): Promise<void> {
    const sent = posted()
    expect(sent?.decision).toBe(decision)
    expect(sent && (await createEvidenceVerifier().verify(sent.evidence, policy))).toMatchObject({
      signed: { principal: 'bob', statement: { decision, audience: AUDIENCE, ...(reason && { reason }) } },
    })
  }

  it('approve signs with a private key file, and needs no other', async () => {
    const env = { STARTGATE_KEY: terminal.file('none.json') }
    const { code, out } = await terminal.run([...approve, '--ssh-key', key, '--reason', 'Fine'], { gate, env })

    expect(code).toBe(0)
    expect(out).toContain('Approved.')
    await expectSent('approve', 'Fine')
  })

  it('approve signs with the SSH key of the settings, unless another key is named', async () => {
    const env = { STARTGATE_SSH_KEY: key }
    await terminal.run(approve, { gate, env })
    await expectSent('approve')
    gate.calls.length = 0
    await terminal.run([...approve, '--key', terminal.file('bob.json')], { gate, env })

    expect(posted()?.evidence.kind).toBe('jws')
  })

  it('approve signs with the public key file where the private one, or an agent, is at hand', async () => {
    await terminal.run([...approve, '--ssh-key', `${key}.pub`], { gate })
    await expectSent('approve')
  })

  it('which key it was is said when the gate does not take it', async () => {
    const body = { title: 'Token not accepted', status: 403, detail: 'Sign with a key of an approver.' }
    gate.lie = (answer) => {
      gate.faults.push({ status: 403, body })
      return answer
    }
    const { code, err } = await terminal.run([...approve, '--ssh-key', key], { gate })

    expect(code).toBe(1)
    expect(err).toContain(`It was signed as bob with key ${policy.people['bob']?.keys[0]?.kid} of ${key}.`)
  })

  it('ssh-keygen says nothing of its own', async () => {
    const said: string[] = []
    await terminal.run([...approve, '--ssh-key', key], {
      gate,
      runProgram: (program, args, input) => {
        const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' })
        said.push(stderr)
        return Promise.resolve({ code: status ?? 1, stdout })
      },
    })

    expect(said).toEqual([''])
    await expectSent('approve')
  })

  it('deny signs with it too', async () => {
    await terminal.run(['deny', REQUEST, '--ssh-key', key, '--reason', 'Not today'], { gate })
    await expectSent('deny', 'Not today')
  })

  it.each([
    ['approve', []],
    ['deny', ['--reason', 'Not today']],
  ] as const)('%s takes what was signed by hand', async (decision, reason) => {
    const file = terminal.file(`by-hand-${decision}`)
    const written = await terminal.run(
      ['statement', REQUEST, '--decision', decision, '--out', file, ...reason, '--audience', AUDIENCE],
      { gate },
    )
    const [command = '', ...args] = (/^ +(ssh-keygen .*)$/m.exec(written.out)?.[1] ?? '').split(' ')
    execFileSync(
      command,
      args.map((arg) => (arg.startsWith('~') ? key : arg)),
      { stdio: 'ignore' },
    )

    const yes = decision === 'approve' ? ['--yes'] : []
    await terminal.run([decision, REQUEST, ...yes, '--signature', `${file}.sig`], { gate, now: NOW + 120_000 })
    await expectSent(decision, reason[1])
  })

  it('statement writes the exact bytes, and says as what to sign them', async () => {
    const file = terminal.file('exact')
    const { out } = await terminal.run(['statement', REQUEST, '--decision', 'approve', '--out', file, '--json'], {
      gate,
    })
    const statement = aStatement(aProposal(), 'bob')

    expect(await readFile(file, 'utf8')).toBe(toSignedText(statement))
    expect(JSON.parse(out)).toEqual({ file, namespace: toSshNamespace(AUDIENCE), statement })
  })

  it('configure keeps the SSH key', async () => {
    const { out } = await terminal.run(['configure', '--ssh-key', key, '--json'])
    await writeFile(terminal.file('.config/startgate/config.json'), '{}')

    expect(JSON.parse(out)).toMatchObject({ settings: { sshKey: key } })
  })
})
