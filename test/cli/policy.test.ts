import { readFile, writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { policySchema } from '#core/policy.ts'
import { toPolicySchema } from '#core/policy-schema.ts'
import { publicJwk } from '#support/keys.ts'
import { ACCOUNT, aPolicyDocument, aRule, INSTANCE, NOW, REGION, type RuleDraft } from '#support/samples.ts'
import { useTerminal, type Ran } from './terminal.ts'

const terminal = useTerminal()
const DAY = 24 * 60 * 60 * 1000
const inDays = (days: number): string => new Date(NOW + days * DAY).toISOString()

async function write(name: string, document: unknown): Promise<string> {
  const file = terminal.file(name)
  await writeFile(file, stringify(document, { aliasDuplicateObjects: false }))
  return file
}

describe('policy check', () => {
  it('says in plain words what the policy that ships with the source allows', async () => {
    const { code, out } = await terminal.run(['policy', 'check'])

    expect(code).toBe(0)
    expect(out).toContain(
      'alice, deploy-bot and example may ask for any instance in cn-hangzhou with the tag team=reporting.',
    )
    expect(out).toContain('deploy-bot')
    expect(out).toContain('It is marked as an example')
    expect(out).toMatch(/SOUND {2}infra\/policy\.yaml, digest [0-9a-f]{64}/)
  })

  it('explains everything that a rule may ask for', async () => {
    const document = aPolicyDocument({
      groups: { leads: ['bob', 'carol'] },
      timeZone: 'Asia/Shanghai',
      aliases: { 'report-db': { instanceId: INSTANCE, regionId: REGION } },
      freezes: [{ name: 'year-end', from: '2026-12-24T00:00:00Z', until: '2027-01-02T00:00:00Z' }],
      rules: [
        aRule({
          instances: { accounts: [ACCOUNT], regions: [REGION], ids: ['report-db'] },
          approvals: 2,
          oneOfEach: ['leads'],
          tool: 'own-tool',
          hours: [{ days: ['mon', 'fri'], from: '08:00', to: '20:30' }],
          attempts: 1,
          mayInitLocalDisk: true,
          mayCancel: ['dave'],
        }),
      ],
    })
    const { code, out } = await terminal.run(['policy', 'check', await write('full.yaml', document)])

    expect(code).toBe(0)
    for (const said of [
      `may ask for ${INSTANCE} in ${REGION} of account ${ACCOUNT}.`,
      '2 of bob, carol and erin must say yes, and among them one from leads (bob, carol), at least one with one’s own tool',
      'A request is good for 2 h, for one attempt at most.',
      'Starts wait for mon fri 08:00–20:30 (Asia/Shanghai).',
      'Local disks may be wiped',
      'dave may cancel too.',
      'report-db',
      'year-end',
      'dave has no key',
    ])
      expect(out).toContain(said)
  })

  it('says who people are in chats, what is connected, and who hears of what', async () => {
    const people = aPolicyDocument()['people'] as Readonly<Record<string, object>>
    const document = aPolicyDocument({
      chats: { slack: { team: 'T0123', app: 'A0456', language: 'zh' } },
      people: { ...people, bob: { ...people['bob'], chat: ['slack:T0123/U1'] } },
      receivers: {
        'alice-desk': { url: 'https://desk.example.com/alice' },
        'ops-room': { url: 'https://ops.example.com', states: ['failed', 'stuck'] },
        'ops-chat': { group: 'slack/C1' },
      },
      rules: [aRule({ tell: ['ops-room', 'ops-chat'] })],
    })
    const file = await write('chats.yaml', document)
    const [{ out }, json] = await Promise.all([
      terminal.run(['policy', 'check', file]),
      terminal.run(['policy', 'check', file, '--json']),
    ])

    expect(out).toMatch(/bob +JWK [\w-]{8}…; slack:T0123\/U1\n/)
    expect(out).toMatch(/Chats\n +slack +team T0123, app A0456, language zh\n/)
    expect(out).toMatch(/ops-room +https:\/\/ops\.example\.com, for failed, stuck\n/)
    expect(out).toMatch(/ops-chat +the group slack\/C1\n/)
    expect(out).toContain('ops-room and ops-chat hear of it.')
    expect(JSON.parse(json.out)).toMatchObject({ identities: [{ principal: 'bob', identity: 'slack:T0123/U1' }] })
  })

  it('tells what is worth a second look', async () => {
    const document = aPolicyDocument({
      people: {
        alice: { keys: [{ ...publicJwk('alice'), until: inDays(10) }] },
        bob: { keys: [{ ...publicJwk('bob'), until: inDays(-1) }] },
        carol: { keys: [{ ...publicJwk('carol'), until: inDays(100) }] },
        dave: {},
        erin: { keys: [publicJwk('erin')] },
      },
      rules: [
        aRule({ name: 'wide', requesters: ['alice'], instances: {}, approvers: ['bob', 'carol'] }),
        aRule({ name: 'narrow', requesters: ['alice'], approvers: ['bob', 'carol'] }),
        aRule({ name: 'other', requesters: ['carol'], instances: { tags: { team: 'x' } }, approvers: ['bob'] }),
      ],
    })
    const { out } = await terminal.run(['policy', 'check', await write('odd.yaml', document), '--json'])

    expect((JSON.parse(out) as { secondLooks: unknown }).secondLooks).toEqual([
      expect.stringMatching(/^A JWK key of alice ends 2026-12-03 /),
      'bob has no key that is valid now.',
      'dave has no key, so nothing that dave says counts.',
      'dave is in no rule.',
      'erin is in no rule.',
      'No rule lets deploy-bot ask: whatever it asks is refused.',
      'No rule lets nightly ask: whatever it asks is refused.',
      'Rule narrow never applies: wide before it covers all of it.',
      'Rule other needs 1, and none of its approvers has a key that is valid now.',
      'No tell names receiver alice-desk: it hears of nothing.',
      'No tell names receiver ops-room: it hears of nothing.',
    ])
  })

  it('tells which rules too few can say yes to now, a machine alone and each group counted', async () => {
    const people = {
      alice: { keys: [publicJwk('alice')] },
      bob: { keys: [{ ...publicJwk('bob'), until: inDays(-1) }] },
      carol: { keys: [publicJwk('carol')] },
      erin: { keys: [publicJwk('erin')] },
    }
    const document = aPolicyDocument({
      people,
      groups: { leads: ['bob'] },
      rules: [
        aRule({ name: 'plain', requesters: ['alice', 'deploy-bot', 'nightly'], approvers: ['bob', 'carol'] }),
        aRule({ name: 'three', requesters: ['alice'], approvals: 3, approvers: ['bob', 'carol', 'erin'] }),
        aRule({ name: 'led', requesters: ['alice'], approvers: ['carol'], oneOfEach: ['leads'] }),
      ],
    })
    const { out } = await terminal.run(['policy', 'check', await write('few.yaml', document), '--json'])

    const { secondLooks } = JSON.parse(out) as { secondLooks: readonly string[] }
    expect(secondLooks.filter((look) => look.includes(' needs '))).toEqual([
      'Rule plain, when deploy-bot asks, needs 2, and only 1 of its approvers has a key that is valid now.',
      'Rule three needs 3, and only 2 of its approvers have a key that is valid now.',
      'Rule led needs a yes of leads, and nobody there has a key that is valid now.',
    ])
  })

  it('reads standard input', async () => {
    const sound = await terminal.run(['policy', 'check', '-'], { input: JSON.stringify(aPolicyDocument()) })
    const wrong = await terminal.run(['policy', 'check', '-'], { input: 'people: {}\n' })

    expect(sound).toMatchObject({ code: 0, out: expect.stringContaining('SOUND  standard input, digest') })
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining('standard input:1:1  rules: is missing') })
  })

  it('shows every fault with its place, and on a terminal its line without the keys in it', async () => {
    const file = terminal.file('wrong.yaml')
    const secret = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A'
    const key = stringify({ ...publicJwk('bob'), d: secret }, { collectionStyle: 'flow', lineWidth: 0 }).trim()
    await writeFile(file, `people:\n  bob: { keys: [${key}] }\nrules:\n  - nmae: x\n`)
    const [plain, seen, json] = await Promise.all([
      terminal.run(['policy', 'check', file]),
      terminal.run(['policy', 'check', file], { lines: [] }),
      terminal.run(['policy', 'check', file, '--json']),
    ])

    expect([plain.code, seen.code, json.code]).toEqual([1, 1, 1])
    expect(plain.out).toContain(`${file}:2:`)
    expect(plain.out).toContain(`${file}:4:5  rules[0].nmae: is not known here; did you mean name?`)
    expect(plain.out).not.toContain('^')
    expect(seen.out).toContain('  - nmae: x\n')
    expect(seen.out).toContain('^^^^')
    expect([plain, seen, json].map(({ out }) => out).join()).not.toContain(secret.slice(0, 4))
    expect(JSON.parse(json.out)).toMatchObject({
      sound: false,
      faults: expect.arrayContaining([
        { line: 4, column: 5, path: ['rules', '0', 'nmae'], cause: 'is not known here', cure: 'did you mean name?' },
      ]) as unknown,
    })
  })

  it('shows of a long line the part that is wrong', async () => {
    const file = terminal.file('long.json')
    await writeFile(file, JSON.stringify(aPolicyDocument({ rules: [aRule({ approvals: 0 })] })))
    const { out } = await terminal.run(['policy', 'check', file], { lines: [] })

    expect(out).toContain('"approvals":0')
    expect(
      Math.max(
        ...out
          .split('\n')
          .slice(1)
          .map(({ length }) => length),
      ),
    ).toBeLessThan(150)
  })

  it('needs a file', async () => {
    expect(await terminal.run(['policy', 'check', terminal.file('none.yaml')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no policy'),
    })
    expect(await terminal.run(['policy', 'check', terminal.home])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is a folder, and no policy.'),
    })
  })
})

describe('policy who', () => {
  const instance = ['--instance', INSTANCE, '--tag', 'team=data']

  async function who(args: readonly string[], rule: RuleDraft = {}, more: object = {}): Promise<Ran> {
    const file = await write('who.yaml', aPolicyDocument({ ...more, rules: [aRule(rule)] }))
    return terminal.run(['policy', 'who', ...args, '--policy', file])
  }

  it('says for everybody whether they may ask, and whose yes is needed', async () => {
    const { code, out } = await who(instance)
    const line = (name: string): string => out.split('\n').find((each) => each.startsWith(`  ${name} `)) ?? ''

    expect(code).toBe(0)
    expect(line('alice')).toMatch(
      /may ask {6}rule workers: bob, carol or erin must say yes; to be started before 2026-11-23 11:01:00 UTC$/,
    )
    expect(line('bob')).toMatch(/may not ask {2}no rule lets them ask$/)
    expect(line('deploy-bot')).toContain('2 of bob, carol and erin must say yes')
    expect(line('nightly for alice')).toContain('bob, carol or erin must say yes')
  })

  it('takes an alias, and knows the deployment that one deals with', async () => {
    const aliases = { 'report-db': { instanceId: INSTANCE } }
    const { code, out } = await who(['--instance', 'report-db', '--tag', 'team=data'], {}, { aliases })

    expect(code).toBe(0)
    expect(out).toContain(`${INSTANCE} in ${REGION} of account ${ACCOUNT} with the tag team=data`)
    expect(await who(['--instance', 'report'], {}, { aliases })).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is report-db.'),
    })
  })

  it.each<[string, readonly string[], RuleDraft, string]>([
    ['another tag', ['--instance', INSTANCE], {}, 'rule workers would apply with the tag team=data'],
    [
      'another region',
      [...instance, '--region', 'cn-beijing'],
      {},
      'the rules that let them ask are for other instances',
    ],
    [
      'another account',
      [...instance, '--account', '12345678'],
      {},
      'the rules that let them ask are for other instances',
    ],
    [
      'no hours',
      instance,
      { hours: [{ days: ['sun'], from: '00:00', to: '24:00' }] },
      'it opens 2026-11-29 00:00:00 UTC',
    ],
  ])('says why nobody may, and ends with 1: %s', async (_what, args, rule, why) => {
    const { code, out } = await who(args, rule)

    expect(out).toContain(why)
    expect(out).not.toMatch(/ may ask /)
    expect(code).toBe(1)
  })

  it('says when it opens, which groups are asked, and who lost the key', async () => {
    const people = {
      ...(aPolicyDocument()['people'] as object),
      carol: { keys: [{ ...publicJwk('carol'), until: inDays(-1) }] },
    }
    const { out } = await who(
      instance,
      { tool: 'own-tool', oneOfEach: ['leads'], hours: [{ days: ['mon'], from: '10:00', to: '12:00' }] },
      { groups: { leads: ['bob'] }, people },
    )

    expect(out).toContain('one of them from leads (bob)')
    expect(out).toContain('one with one’s own tool')
    expect(out).toContain('starts from 2026-11-23 10:00:00 UTC on')
    expect(out).toContain('carol cannot now, for want of a valid key')
  })

  it('says every time in the time zone of the policy too', async () => {
    const hours = [{ days: ['mon'], from: '18:00', to: '19:00' }]
    const { out } = await who(instance, { hours }, { timeZone: 'Asia/Shanghai' })
    const closed = await who(
      [...instance, '--at', '2026-11-24T00:30:00+08:00'],
      { hours },
      { timeZone: 'Asia/Shanghai' },
    )

    expect(out).toContain('asked for 2026-11-23 09:01:00 UTC, Mon 17:01 in Asia/Shanghai\n')
    expect(out).toContain('starts from 2026-11-23 10:00:00 UTC, Mon 18:00 in Asia/Shanghai on')
    expect(out).toContain('to be started before 2026-11-23 11:01:00 UTC, Mon 19:01 in Asia/Shanghai')
    expect(closed.out).toContain('asked for 2026-11-23 16:30:00 UTC, Tue 00:30 in Asia/Shanghai\n')
    expect(closed.out).toContain('it opens 2026-11-30 10:00:00 UTC, Mon 18:00 in Asia/Shanghai')
  })

  it('answers for local disks that are to be wiped', async () => {
    const wipe = [...instance, '--init-local-disk']
    const never = await who(wipe)
    const { code, out } = await who(wipe, { mayInitLocalDisk: true })

    expect(never).toMatchObject({ code: 1, out: expect.stringContaining('rule workers lets nobody wipe local disks') })
    expect(code).toBe(0)
    expect(out).toMatch(/ with the tag team=data to be wiped, asked for /)
    expect(out).toMatch(/alice +may ask +rule workers: 2 of bob, carol and erin must say yes; one with one’s own tool;/)
    expect(out).toMatch(/nightly for alice +may not ask +asks without wiping local disks/)
  })

  it('knows that a schedule may ask only to wipe local disks', async () => {
    const ask = { instanceId: INSTANCE, reason: 'The nightly run', initLocalDisk: true }
    const { out } = await who(instance, { mayInitLocalDisk: true }, { schedules: { nightly: { owner: 'alice', ask } } })

    expect(out).toMatch(/nightly for alice +may not ask +asks only to wipe local disks/)
  })

  it('knows a machine that acts for the only approver, and a schedule that asks for another instance', async () => {
    const { out } = await who(
      ['--instance', 'i-bp1another0instance'],
      { instances: {}, approvers: ['alice', 'bob'], requesters: ['alice', 'deploy-bot', 'nightly'], approvals: 1 },
      { machines: { 'deploy-bot': { webhook: { v1: true }, mayActFor: ['alice'] } } },
    )

    expect(out).toMatch(/deploy-bot for alice +may ask +rule workers: bob must say yes/)
    expect(out).toMatch(new RegExp(`nightly for alice +may not ask +asks for ${INSTANCE} alone`))
  })

  it('answers in JSON, for any time', async () => {
    const { out } = await who([...instance, '--at', '2026-12-01T00:00:00Z', '--json'])
    const { answers, ...rest } = JSON.parse(out) as { answers: readonly object[] }

    expect(rest).toEqual({
      instanceId: INSTANCE,
      regionId: REGION,
      accountId: ACCOUNT,
      tags: { team: 'data' },
      initLocalDisk: false,
      at: '2026-12-01T00:00:00.000Z',
    })
    expect(answers[0]).toMatchObject({
      principal: 'alice',
      may: true,
      rule: { name: 'workers', approvals: 1, approvers: ['bob', 'carol', 'erin'] },
      opensAt: '2026-12-01T00:00:00.000Z',
      expiresAt: '2026-12-01T02:00:00.000Z',
    })
    expect(answers[1]).toEqual({ principal: 'bob', may: false, why: 'no rule lets them ask' })
  })

  it('asks for what the rules depend on, and for nothing else', async () => {
    const env = { STARTGATE_AUDIENCE: '' }
    const strict = await write('strict.yaml', aPolicyDocument())
    const open = await write('open.yaml', aPolicyDocument({ rules: [aRule({ instances: {} })] }))

    const asked = await terminal.run(['policy', 'who', ...instance, '--policy', strict], { env })
    expect(asked).toMatchObject({ code: 2, err: expect.stringContaining('--region') })
    const answered = await terminal.run(['policy', 'who', '--instance', INSTANCE, '--policy', open], { env })
    expect(answered).toMatchObject({ code: 0, out: expect.stringContaining(`${INSTANCE} without tags`) })
  })

  it.each([
    ['a tag without a value', [...instance, '--tag', 'team'], 'team is no tag'],
    ['no time', [...instance, '--at', 'noon'], 'noon is no time'],
    ['no region', [...instance, '--region', 'hangzhou'], 'hangzhou will not do: a region id looks like cn-hangzhou.'],
    ['no account', [...instance, '--account', '123'], '123 will not do: an account id is 8 to 20 digits.'],
    ['no instance', ['--instance', 'i-BP67'], 'i-BP67 is no instance id'],
  ])('refuses %s', async (_what, args, said) => {
    expect(await who(args)).toMatchObject({ code: 2, err: expect.stringContaining(said) })
  })

  it('names what is wrong in the policy', async () => {
    expect(await who(instance, { approvals: 0 })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/who\.yaml:\d+:\d+ {2}rules\[0\]\.approvals: must be at least 1/),
    })
  })
})

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
