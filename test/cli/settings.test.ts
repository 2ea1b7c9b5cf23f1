import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parsePolicy } from '#core/policy.ts'
import { VERSION } from '#lib/cli/version.ts'
import { aPolicyDocument, aProposal, AUDIENCE, REQUEST } from '#support/samples.ts'
import { startGate, type Gate } from './gate.ts'
import { useTerminal } from './terminal.ts'

const terminal = useTerminal()
const unset = { STARTGATE_URL: '', STARTGATE_NAME: '', STARTGATE_KEY: '', STARTGATE_AUDIENCE: '' }
let gate: Gate

beforeEach(async () => void (gate = await startGate(aProposal())))
afterEach(async () => await gate.close())

describe('enrol', () => {
  it('writes a key that only its owner may read, and prints lines that a policy takes', async () => {
    const file = terminal.file('new/key.json')
    const { code, out } = await terminal.run(['enrol', '--name', 'zoe', '--out', file])

    expect(code).toBe(0)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const written = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>
    expect(written).toMatchObject({ kty: 'OKP', crv: 'Ed25519' })
    expect(out).not.toContain(written['d'])
    const lines = parse(out.slice(out.indexOf('\npeople:'), out.indexOf('Key id'))) as { people: object }
    const policy = parsePolicy(
      aPolicyDocument({ people: { ...(aPolicyDocument()['people'] as object), ...lines.people } }),
    )
    expect(policy.ok && policy.policy.people['zoe']?.keys[0]?.jwk).toMatchObject({ x: written['x'] })
    expect(policy.ok && out.includes(policy.policy.people['zoe']?.keys[0]?.kid ?? '?')).toBe(true)
  })

  it('never overwrites a key', async () => {
    const file = terminal.file('bob.json')
    const before = await readFile(file, 'utf8')
    const { code, err } = await terminal.run(['enrol', '--name', 'bob', '--out', file])

    expect(code).toBe(2)
    expect(err).toContain('never overwritten')
    expect(await readFile(file, 'utf8')).toBe(before)
  })

  it('prints JSON without the secret', async () => {
    const file = terminal.file('json/key.json')
    const { out } = await terminal.run(['enrol', '--name', 'zoe', '--out', file, '--json'])

    expect(JSON.parse(out)).toEqual({
      name: 'zoe',
      file,
      kid: expect.stringMatching(/^[\w-]{43}$/),
      key: { kty: 'OKP', crv: 'Ed25519', x: expect.any(String) },
    })
  })

  it('refuses a name that no policy takes', async () => {
    expect((await terminal.run(['enrol', '--name', 'Zoe X'])).code).toBe(2)
  })
})

describe('settings', () => {
  it('are kept by configure, and flags win over the environment over the file', async () => {
    await terminal.run(['configure', '--url', 'https://file.example.com', '--name', 'alice'], { env: unset })
    await terminal.run(['configure', '--audience', AUDIENCE], { env: unset })
    const shown = async (args: readonly string[], env: Record<string, string>): Promise<unknown> =>
      JSON.parse((await terminal.run(['configure', '--json', ...args], { env: { ...unset, ...env } })).out)

    expect(await shown([], {})).toMatchObject({
      settings: { url: 'https://file.example.com', name: 'alice', audience: AUDIENCE },
    })
    expect(await shown([], { STARTGATE_NAME: 'bob' })).toMatchObject({ settings: { name: 'bob' } })
    const flagged = await terminal.run(['show', REQUEST, '--url', gate.url], {
      env: { ...unset, STARTGATE_URL: 'http://127.0.0.1:9' },
    })
    expect(flagged.code).toBe(0)
  })

  it('say which key is used by default, if there is one', async () => {
    const fresh = await terminal.run(['configure'], { env: unset })
    const file = terminal.file('.config/startgate/key.json')
    await terminal.run(['enrol', '--name', 'zoe'], { env: unset })
    const enrolled = await terminal.run(['configure'], { env: unset })
    await rm(file)

    expect(fresh.out).toContain(`(not set, and there is no ${file})`)
    expect(enrolled.out).toMatch(new RegExp(`key +${file} \\(by default\\)`))
  })

  it.each([
    ['--key', '/nope'],
    ['--key', fileURLToPath(import.meta.url)],
    ['--ssh-key', '/nope'],
  ])('keep no %s %s', async (flag, file) => {
    const { code, err } = await terminal.run(['configure', flag, file], { env: unset })

    expect(code).toBe(2)
    expect(err).toContain(file)
    expect((await terminal.run(['configure'], { env: unset })).out).not.toContain(file)
  })

  it('keep the full name of a file', async () => {
    const file = relative(process.cwd(), terminal.file('bob.json'))
    const { out } = await terminal.run(['configure', '--key', file, '--json'], { env: unset })
    await writeFile(terminal.file('.config/startgate/config.json'), '{}')

    expect(JSON.parse(out)).toMatchObject({ settings: { key: terminal.file('bob.json') } })
  })

  it.each([
    ['http://gate.example.com', 'no address'],
    ['gate.example.com', 'no address'],
    ['https://gate.example.com/prod', 'more than the address'],
    ['https://me:secret@gate.example.com', 'more than the address'],
  ])('refuse %s as an address', async (url, why) => {
    const { code, err } = await terminal.run(['show', REQUEST, '--url', url])

    expect(code).toBe(2)
    expect(err).toContain(why)
  })

  it('that are missing are named, with how to set them', async () => {
    await writeFile(terminal.file('.config/startgate/config.json'), '{}')
    const { code, err } = await terminal.run(['approve', REQUEST], { gate, env: { STARTGATE_AUDIENCE: '' } })

    expect(code).toBe(2)
    expect(err).toContain('--audience')
    expect(err).toContain('STARTGATE_AUDIENCE')
  })

  it('that are broken are named with their file', async () => {
    const file = terminal.file('.config/startgate/config.json')
    await writeFile(file, '{"url":1,"nmae":"x"}')
    const { code, err } = await terminal.run(['show', REQUEST], { gate })
    await writeFile(file, '{}')

    expect(code).toBe(2)
    expect(err).toContain(file)
    expect(err).toContain('url')
  })

  it('warn of a key file that others may read, and refuse one that holds no key', async () => {
    const [open, broken] = [terminal.file('open.json'), terminal.file('broken.json')]
    await writeFile(open, await readFile(terminal.file('bob.json')))
    await chmod(open, 0o644)
    await writeFile(broken, '{"kty":"OKP","d":"hidden"}', { mode: 0o600 })

    expect((await terminal.run(['list', '--key', open], { gate })).err).toContain('chmod 600')
    const { code, err } = await terminal.run(['list', '--key', broken], { gate })
    expect(code).toBe(2)
    expect(err).not.toContain('hidden')
    expect((await terminal.run(['list', '--key', terminal.file('none.json')], { gate })).err).toContain('enrol')
  })
})

describe('the command line', () => {
  it('has the version of the package', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }

    expect(VERSION).toBe(version)
    expect((await terminal.run(['--version'])).out.trim()).toBe(version)
  })

  it('documents exit codes, and examples on every command', async () => {
    const { code, out } = await terminal.run(['--help'])
    const names = [...out.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => String(name))
    const helps = await Promise.all(names.map((name) => terminal.run([name, '--help'])))

    expect(code).toBe(0)
    expect(out).toContain('Exit codes')
    expect(names).toHaveLength(14)
    for (const help of helps)
      expect(help).toMatchObject({ code: 0, out: expect.stringMatching(/Examples:[^]*Exit codes/) })
  })

  it('marks the options that a command cannot do without', async () => {
    const { out } = await terminal.run(['ask', '--help'])
    const required = out.split(/\n(?= {2}-)/).filter((option) => option.includes('(required)'))

    expect(required.map((option) => option.trim().split(' ')[0])).toEqual(['--instance', '--reason'])
  })

  it('ends with 2 when it is used wrongly', async () => {
    expect((await terminal.run(['aprove', REQUEST])).code).toBe(2)
    expect((await terminal.run(['deny', REQUEST], { gate })).code).toBe(2)
    expect((await terminal.run(['show', 'req_1'], { gate })).code).toBe(2)
    expect(gate.calls).toEqual([])
  })
})
