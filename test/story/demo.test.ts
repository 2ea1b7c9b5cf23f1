// `npm run demo` as a stranger runs it: a process of its own, without a terminal.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createStatement } from '#core/statement.ts'
import { createGateClient } from '#infra/demo/gate-client.ts'
import { pickScenes } from '#infra/demo/recording.ts'
import { createSoftPasskey } from '#infra/local/soft-passkey.ts'
import { createSoftSshKey } from '#support/soft-ssh.ts'
import { HAS_SSH_KEYGEN } from '#support/ssh-keygen.ts'

const MAIN = fileURLToPath(new URL('../../infra/demo/main.ts', import.meta.url))
const LONGEST_MS = 60_000
const LONGEST_SILENCE_MS = 3000

interface Demo {
  readonly child: ChildProcessWithoutNullStreams
  readonly output: () => string
  /** The longest time between two lines. */
  readonly silence: () => number
  readonly until: (text: RegExp) => Promise<RegExpMatchArray>
  readonly exit: Promise<unknown>
  /** Folders of the demo that there are now, in a temporary directory that no other test uses. */
  readonly folders: () => Promise<readonly string[]>
}

async function startDemo(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Demo> {
  const TMPDIR = await mkdtemp(join(tmpdir(), 'startgate-test-'))
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    env: { ...process.env, NO_COLOR: '1', TMPDIR, ...env },
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await rm(TMPDIR, { recursive: true, force: true })
  })
  let output = ''
  let silence = 0
  let lastAt: number | undefined
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      output += text
      silence = Math.max(silence, Date.now() - (lastAt ?? Date.now()))
      lastAt = Date.now()
    })
  }
  const exit = once(child, 'close').then(([code]: unknown[]) => code)
  return {
    child,
    exit,
    output: () => output,
    silence: () => silence,
    async until(text) {
      for (;;) {
        const found = output.match(text)
        if (found !== null) return found
        await Promise.race([once(child.stdout, 'data'), exit.then(() => neverSaid(text))])
      }
    },
    folders: async () => {
      const names = await readdir(TMPDIR)
      return names.filter((name) => name.startsWith('startgate-demo-')).map((name) => join(TMPDIR, name))
    },
  }
}

function neverSaid(text: RegExp): never {
  throw new Error(`the demo ended without saying ${text}`)
}

/** The private parts of the keys that the demo made, after looking at who may read them. */
async function readSecrets([folder = '']: readonly string[]): Promise<readonly string[]> {
  const keys = join(folder, 'keys')
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  const files = (await readdir(keys)).map((name) => join(keys, name))
  for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600)
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  const ssh = HAS_SSH_KEYGEN ? [await readSshSecret(join(folder, 'ssh', 'id_ed25519'))] : []
  return [...texts.map((text) => (JSON.parse(text) as { readonly d: string }).d), ...ssh]
}

/** The part of the file that holds the seed. */
async function readSshSecret(file: string): Promise<string> {
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  return (await readFile(file, 'utf8')).split('\n')[3] ?? ''
}

test(
  'tells the whole story within a minute, never silent for long, and leaves nothing behind',
  { timeout: 90_000 },
  async () => {
    const begun = Date.now()
    const demo = await startDemo()
    await demo.until(/local cloud is up/)
    const secrets = await readSecrets(await demo.folders())

    expect([await demo.exit, demo.output()]).toEqual([0, expect.stringContaining('told in')])

    expect(Date.now() - begun).toBeLessThan(LONGEST_MS)
    expect(demo.silence()).toBeLessThan(LONGEST_SILENCE_MS)
    const told = demo.output().replaceAll(/\s+/g, ' ')
    for (const line of [
      'A person asks, over HTTPS',
      'In the team’s chat',
      'Approved by nobody yet (1 needed) │ May still approve chen, lin └ [Review] [Deny]',
      'Nothing was approved: a yes is signed with your own key',
      '┌ ✅ The instance was started │ The instance runs. │ Instance i-bp1invoices00001 │',
      '┌ 启动已被拒绝 │ 已被 lin 拒绝',
      HAS_SSH_KEYGEN ? 'running: signed by ssh-keygen' : 'Skipped: ssh-keygen is not installed on this machine',
      'Approved with a passkey, on a phone',
      'running: nothing was installed, and nobody logged in',
      'A machine asks, by a signed webhook',
      'hints were lost, and nothing else',
      'A timer asks',
      'call.token_refused, flaw: is_the_requester',
      'call.token_refused, flaw: another_proposal',
      'used before: 409 Already final',
      'the gate calls StartInstance i-bp1gputrainer001: 403 Forbidden.RAM',
      'carried out, and the answer is lost',
      'StartInstance was sent once, and archive-1 was started once',
      '│ VERIFIED',
      '│ NOT VERIFIED',
      `${HAS_SSH_KEYGEN ? 7 : 6} approved and started, each exactly once; 2 denied and never started`,
    ]) {
      expect(told).toContain(line)
    }
    expect(secrets).toHaveLength(HAS_SSH_KEYGEN ? 4 : 3)
    for (const secret of secrets) expect(demo.output()).not.toContain(secret)
    // Neither a token, nor a shared secret, nor a signing key, nor an access key, nor the token of a bot.
    expect(demo.output()).not.toMatch(/eyJ|whsec_|whsk_|STS\.|xoxb-/)
    expect(demo.output()).not.toContain('\u001B')
    expect(pickScenes(demo.output().match(/.*\n/g) ?? []).join('')).toMatch(/mei\$ startgate watch[^]*NOT VERIFIED/)
    expect(await demo.folders()).toEqual([])
  },
)

test('Ctrl-C in the middle ends it, and leaves nothing behind', { timeout: 60_000 }, async () => {
  const demo = await startDemo(['--keep'])
  await demo.until(/mei\$ startgate ask/)
  expect(await demo.folders()).toHaveLength(1)

  demo.child.kill('SIGINT')

  expect(await demo.exit).toBe(130)
  expect(await demo.folders()).toEqual([])
})

test('a visitor approves with a key of their own, where ssh-keygen is not installed', { timeout: 90_000 }, async () => {
  const { line } = createSoftSshKey('ssh-ed25519')
  const file = join(await mkdtemp(join(tmpdir(), 'startgate-test-')), 'id.pub')
  onTestFinished(async () => await rm(dirname(file), { recursive: true }))
  await writeFile(file, line)
  const demo = await startDemo(['--keep', '--ssh', file], { PATH: '' })
  await demo.until(/\/enrol/)
  const told = demo.output().replaceAll(/\s+/g, ' ')
  expect(told).toContain('Skipped: ssh-keygen is not installed on this machine')
  expect(told).toContain('6 approved and started, each exactly once; 2 denied and never started')
  expect(told).toContain(`startgate approve $ID --name you --ssh-key '${file}'`)
  const [folder = ''] = await demo.folders()
  expect(await readFile(join(folder, 'policy.yaml'), 'utf8')).toContain(line.split(' ')[1])

  demo.child.stdin.write('no line of a policy\n')
  await demo.until(/This is not the line that \/enrol prints/)
  const origin = /(http:\/\/localhost:\d+)\/enrol/.exec(demo.output())?.[1] ?? ''
  const passkey = createSoftPasskey({ origin })
  // The key of somebody else under the same credential id, as a mistake may leave it; the right line takes its place.
  const { passkey: credential = '', ...mistaken } = passkey.policyKey
  const { passkey: _other, ...another } = createSoftPasskey({ origin }).policyKey
  expect(another).not.toEqual(mistaken)
  demo.child.stdin.write(`- ${JSON.stringify({ passkey: credential, ...another })} # its id\n`)
  await demo.until(/and touch:[^]*\/r\/req_[0-9a-f]{32}/)
  demo.child.stdin.write(`- ${JSON.stringify(passkey.policyKey)} # its id\n`)
  // The story has led to a page before: this is about the one after the line.
  const [, id = ''] = await demo.until(/and touch:[^]*and touch:[^]*\/r\/(req_[0-9a-f]{32})/)
  const gate = createGateClient(origin)
  const statement = createStatement((await gate.show(id)).proposal, 'approve', 'you', Math.floor(Date.now() / 1000))
  expect(await gate.approve(id, passkey.assert(statement))).toMatchObject({ ok: true, summary: { state: 'ready' } })
  await demo.until(/and touch:[^]*ops-room hears: gpu-trainer-1 is running/)
  demo.child.stdin.write(`${JSON.stringify(passkey.policyKey)}\n`)
  await demo.until(/Stop it with the curl line above/)

  demo.child.kill('SIGINT')
  expect(await demo.exit).toBe(0)
  expect(demo.output()).toMatch(/the keys of this story are removed\s*$/)
  expect(await demo.folders()).toEqual([])
})

test('--help says what there is; an unknown option is refused', async () => {
  const help = await startDemo(['--help'])
  expect(await help.exit).toBe(0)
  expect(help.output()).toMatch(/--keep [^]*--ssh [^]*--help /)

  const unknown = await startDemo(['--fast'])
  expect(await unknown.exit).toBe(2)
  expect(unknown.output()).toContain("Unknown option '--fast'")
})

test.each([
  [['--keep', '--ssh', '/nowhere/id.pub'], '--ssh: There is no file /nowhere/id.pub.'],
  [['--keep', '--ssh', MAIN], `--ssh: ${MAIN} holds no key that can approve`],
  [['--ssh', MAIN], '--ssh is for what you try after the story: add --keep.'],
])('%j is refused before anything is played', async (args, sentence) => {
  const demo = await startDemo(args)
  expect(await demo.exit).toBe(2)
  expect(demo.output()).toContain(sentence)
  expect(demo.output()).not.toContain('on a cloud that lives on this machine')
})
