// What the policy commands have in common: their schema, their help, and the policy that ships with the source.
import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { policySchema } from '#core/policy.ts'
import { toPolicySchema } from '#core/policy-schema.ts'
import { useTerminal } from './terminal.ts'

const terminal = useTerminal()

describe('policy schema', () => {
  it('prints the JSON Schema of the policy file', async () => {
    const { code, out } = await terminal.run(['policy', 'schema'])

    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual(toPolicySchema(policySchema))
  })
})

describe('the policy commands', () => {
  let names: readonly string[] = []
  beforeAll(async () => {
    const { out } = await terminal.run(['policy', '--help'])
    names = [...out.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => String(name))
  })

  it('have examples and exit codes in their help', async () => {
    expect(names).toEqual(['check', 'who', 'schema'])
    for (const name of names) {
      const help = await terminal.run(['policy', name, '--help'])
      expect(help).toMatchObject({ code: 0, out: expect.stringMatching(/Examples:[^]*startgate policy[^]*Exit codes/) })
    }
  })

  it('have examples that can be typed as they stand, in their help and in the README', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    const helps = await Promise.all(
      [[], ...names.map((name) => [name])].map((name) => terminal.run(['policy', ...name, '--help'])),
    )
    const examples = [
      ...readme.matchAll(/`startgate (policy [^`]*)`/g),
      ...helps.flatMap(({ out }) => [...out.matchAll(/^ {2}\$ startgate (policy .*)$/gm)]),
    ].map(([, example]) => String(example))
    const input = await readFile(new URL('../../infra/policy.yaml', import.meta.url), 'utf8')

    expect(examples.length).toBeGreaterThan(8)
    for (const example of examples) {
      const [typed = ''] = example.split(/ [<>] /)
      const ran = await terminal.run(typed.split(/\s+/), { input, env: { STARTGATE_AUDIENCE: '' } })
      expect({ example, ...ran }).toMatchObject({ code: 0, err: '' })
    }
  })

  it('are named by what comes before them alone', async () => {
    expect((await terminal.run(['policy'])).code).toBe(2)
    expect((await terminal.run(['policy', 'chek'])).code).toBe(2)
  })

  it('ship with a policy whose first line leads editors to the schema', async () => {
    const text = await readFile(new URL('../../infra/policy.yaml', import.meta.url), 'utf8')
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/dist\/policy\.schema\.json\n/)
  })
})
