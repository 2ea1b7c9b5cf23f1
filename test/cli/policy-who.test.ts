import { describe, expect, it } from 'vitest'
import { publicJwk } from '#support/keys.ts'
import { ACCOUNT, aPolicyDocument, aRule, INSTANCE, REGION, type RuleDraft } from '#support/samples.ts'
import { inDays, writePolicy } from './policy-file.ts'
import { useTerminal, type Ran } from './terminal.ts'

const terminal = useTerminal()
const write = (name: string, document: unknown) => writePolicy(terminal, name, document)

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
