import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { publicJwk } from '#support/keys.ts'
import { ACCOUNT, aPolicyDocument, aRule, INSTANCE, REGION } from '#support/samples.ts'
import { inDays, writePolicy } from './policy-file.ts'
import { useTerminal } from './terminal.ts'

const terminal = useTerminal()
const write = (name: string, document: unknown) => writePolicy(terminal, name, document)

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
