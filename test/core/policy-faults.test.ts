import { describe, expect, test } from 'vitest'
import { parsePolicy } from '#core/policy.ts'
import { toPolicyFaults } from '#core/policy-faults.ts'
import * as z from '#core/zod.ts'
import { publicJwk } from '#support/keys.ts'
import { changeEachLeaf } from '#support/leaves.ts'
import { aPolicyDocument, aRule, type RuleDraft } from '#support/samples.ts'

/** As `path | cause | cure`, one line each. */
function say(document: unknown): readonly string[] {
  const parsed = parsePolicy(document)
  return parsed.ok ? [] : parsed.faults.map(({ path, cause, cure }) => `${path.join('.')} | ${cause} | ${cure}`)
}

function sayRule(rule: RuleDraft): readonly string[] {
  return say(aPolicyDocument({ rules: [aRule(rule)] }))
}

function sayKey(key: unknown): readonly string[] {
  return say(aPolicyDocument({ people: { alice: { keys: [key] } } }))
}

const COPY = 'copy the whole line of the key again'
const EC = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
}
const MADE_UP = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }

describe('what is said of a rule', () => {
  test.each<[string, RuleDraft, string]>([
    ['missing', { validFor: undefined }, 'validFor | is missing | add it, as in: validFor: 2h'],
    ['unknown', { aprovers: [] }, 'aprovers | is not known here | did you mean approvers?'],
    [
      'a day of the week',
      { hours: [{ days: ['Monday'], from: '08:00', to: '20:00' }] },
      'hours.0.days.0 | must be one of mon, tue, wed, thu, fri, sat, sun | did you mean mon?',
    ],
    ['too small', { approvals: 0 }, 'approvals | must be at least 1 | write it anew, as in: approvals: 2'],
    ['too large', { attempts: 11 }, 'attempts | must be at most 10 | write it anew, as in: attempts: 3'],
    [
      'not whole',
      { approvals: 1.5 },
      'approvals | must be a whole number, not such a number | write it anew, as in: approvals: 2',
    ],
    ['empty', { approvers: [] }, 'approvers | must not be empty | write it anew, as in: approvers: [ bob, carol ]'],
    [
      'one text',
      { approvers: 'bob' },
      'approvers | must be a list, not text | write it anew, as in: approvers: [ bob, carol ]',
    ],
    ['a number', { validFor: 30 }, 'validFor | must be text, not a whole number | put it in quotes'],
    ['a truth', { validFor: true }, 'validFor | must be text, not true or false | write it anew, as in: validFor: 2h'],
    [
      'no truth',
      { mayInitLocalDisk: 'yes' },
      'mayInitLocalDisk | must be true or false, not text | write it anew, as in: mayInitLocalDisk: false',
    ],
    ['a mapping', { tell: {} }, 'tell | must be a list, not a mapping | write it anew, as in: tell: [ ops-room ]'],
    [
      'a duration',
      { validFor: '1w' },
      'validFor | a duration looks like 30m, 2h or 1d | write it anew, as in: validFor: 2h',
    ],
    ['a choice', { tool: 'own_tool' }, 'tool | must be one of any, own-tool | did you mean own-tool?'],
    ['no choice', { tool: 'chat' }, 'tool | must be one of any, own-tool | write it anew, as in: tool: own-tool'],
    [
      'set words',
      { machinesAlone: 'yes' },
      'machinesAlone | must be "one approval is enough" | write it anew, as in: machinesAlone: "one approval is enough"',
    ],
    [
      'an entry',
      { approvers: ['Bob'] },
      'approvers.0 | a name is lower-case letters, digits and "-", starting with a letter | write it anew, as in: approvers: [ bob, carol ]',
    ],
    [
      'an account',
      { instances: { accounts: [12345678] } },
      'instances.accounts.0 | must be text, not a whole number | put it in quotes',
    ],
    [
      'a tag without a name',
      { instances: { tags: { '': 'x' } } },
      'instances.tags. | must not be empty | give it another name',
    ],
  ])('%s', (_what, rule, said) => {
    expect(sayRule(rule)).toEqual([`rules.0.${said}`])
  })

  test('missing only because it is written wrong: one fault, and not two', () => {
    expect(sayRule({ approvers: undefined, aprovers: ['bob'] })).toEqual([
      'rules.0.aprovers | is not known here | did you mean approvers?',
    ])
    expect(sayRule({ approvers: undefined, instances: { aprovers: [] } })).toHaveLength(2)
  })

  test('unknown, and like nothing that is known: what there is', () => {
    expect(sayRule({ instances: { vpc: 'x' } })).toEqual([
      'rules.0.instances.vpc | is not known here | remove it; there is accounts, regions, ids, tags',
    ])
  })
})

describe('what is said of a key', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['as a JWK', { ...MADE_UP, x: 'short' }, [`.x | 32 bytes in base64url are 43 characters | ${COPY}`]],
    ['of another type', { kty: 'oct' }, [`.kty | must be one of OKP, EC, RSA | ${COPY}`]],
    ['of a type that is nearly one', { ...EC, kty: 'EZ' }, ['.kty | must be one of OKP, EC, RSA | did you mean EC?']],
    [
      'of two types at once',
      { ...EC, kty: 'OKP' },
      [`.crv | must be "Ed25519" | ${COPY}`, `.y | does not fit with what stands beside it | remove it, or ${COPY}`],
    ],
    ['without its second half', { ...EC, y: undefined }, [`.y | is missing | ${COPY}`]],
    [
      'without its second half, as a passkey',
      { ...EC, y: undefined, passkey: 'A'.repeat(16) },
      [`.y | is missing | ${COPY}`],
    ],
    [
      'as a passkey without credential id',
      { ...EC, passkey: 'not base64!' },
      [`.passkey | is no credential id | ${COPY}`],
    ],
    [
      'that is private',
      { ...MADE_UP, d: 'secret' },
      ['.d | belongs to a private key | remove it, and make a new key: this one is no secret now'],
    ],
    [
      'as SSH',
      { ssh: 'ssh-rsa AAAA' },
      [
        '.ssh | an RSA key cannot approve; make one with: ssh-keygen -t ed25519 | write it anew, as in: ssh: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA… alice@laptop"',
      ],
    ],
    [
      'as the line of an SSH key alone',
      'ssh-ed25519 AAAA alice@laptop',
      [" | must be a mapping, not text | write a line of OpenSSH as { ssh: 'ssh-ed25519 AAAA… alice@laptop' }"],
    ],
    [
      'as text',
      'hush',
      [
        ' | must be a mapping, not text | write it anew, as in: keys: [ { kty: OKP, crv: Ed25519, x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" } ]',
      ],
    ],
    [
      'of RSA, which only a passkey is',
      { kty: 'RSA', n: `${'B'.repeat(341)}A`, e: 'AQAB' },
      [`.passkey | is missing | ${COPY}`],
    ],
    [
      'that ends some day',
      { ...MADE_UP, until: '2027' },
      ['.until | must be an instant with its time zone | write it anew, as in: until: "2027-01-01T00:00:00Z"'],
    ],
    [
      'that ends on a day that there is not',
      { ...MADE_UP, until: '2026-12-32T00:00:00Z' },
      ['.until | there is no such day | write it anew, as in: until: "2027-01-01T00:00:00Z"'],
    ],
    [
      'that ends at a time that there is not',
      { ...MADE_UP, until: '2026-12-31T24:01:00+08:00' },
      ['.until | there is no such time of day | write it anew, as in: until: "2027-01-01T00:00:00Z"'],
    ],
  ])('%s', (_what, key, said) => {
    expect(sayKey(key)).toEqual(said.map((each) => `people.alice.keys.0${each}`))
  })

  test('repeats nothing of it', () => {
    const secret = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A'
    const said = [{ ...MADE_UP, d: secret }, secret, { ssh: secret }, { kty: secret }, { ...MADE_UP, from: secret }]

    expect(said.flatMap(sayKey)).toHaveLength(5)
    expect(said.flatMap(sayKey).join()).not.toContain(secret)
  })
})

describe('what is said of the rest', () => {
  test.each<[string, unknown, string]>([
    ['nothing at all', null, ' | must be a mapping, and nothing is there | write it anew'],
    ['a list', [], ' | must be a mapping, not a list | write it anew'],
    [
      'a person in capitals',
      aPolicyDocument({ people: { Zoe: {} } }),
      'people.Zoe | a name is lower-case letters, digits and "-", starting with a letter | give it another name',
    ],
    [
      'a time zone that is nearly one',
      aPolicyDocument({ timeZone: 'Asia/Shangai' }),
      'timeZone | no time zone of this name is known | did you mean Asia/Shanghai?',
    ],
    [
      'no web address',
      aPolicyDocument({ receivers: { desk: { url: 'desk' } } }),
      'receivers.desk.url | must be a web address | write it anew, as in: url: "https://ops.example.com/startgate"',
    ],
    [
      'a page at a path',
      aPolicyDocument({ page: { origin: 'https://a.example.com/r' } }),
      'page.origin | an origin is https:// and a host name, with a port if it has one, and nothing after it | write it anew, as in: origin: "https://gate.example.com"',
    ],
  ])('%s', (_what, document, said) => {
    expect(say(document)).toEqual([said])
  })

  test('a person of whom nothing is written', () => {
    expect(say(aPolicyDocument({ people: { alice: null, bob: { keys: [publicJwk('bob')] } } }))).toEqual([
      'people.alice | must be a mapping, and nothing is there | write {} where there is nothing to say',
    ])
  })

  test('a list of which nothing is written', () => {
    expect(sayRule({ approvers: null })).toEqual([
      'rules.0.approvers | must be a list, and nothing is there | write it anew, as in: approvers: [ bob, carol ]',
    ])
  })
})

describe('what is said of a receiver', () => {
  const EITHER =
    'as in: receivers: { ops-room: { url: "https://ops.example.com/startgate" }, ops-chat: { group: "slack/C0123" } }'

  test.each<[string, unknown, readonly string[]]>([
    ['that is empty', {}, [` | has neither url nor group | add one of them, ${EITHER}`]],
    [
      'of a form that there is not',
      { channel: 'C0123' },
      [
        ` | has neither url nor group | add one of them, ${EITHER}`,
        '.channel | is not known here | remove it; there is url, states, group',
      ],
    ],
    ['that is misspelled', { grup: 'slack/C0123' }, ['.grup | is not known here | did you mean group?']],
    ['that is text', 'slack/C0123', [` | must be a mapping, not text | write it anew, ${EITHER}`]],
    [
      'of both forms',
      { url: 'https://ops.example.com', group: 'slack/C0123' },
      ['.group | does not fit with what stands beside it | remove it, or write it anew, as in: group: "slack/C0123"'],
    ],
    [
      'without its platform',
      { group: 'C0123' },
      ['.group | a group looks like slack/C0123 | write it anew, as in: group: "slack/C0123"'],
    ],
    [
      'without its platform, whose ids begin like this',
      { group: 'oc_a0553eda9014' },
      ['.group | a group looks like feishu/oc_a0553eda9014 | write it anew, as in: group: "feishu/oc_a0553eda9014"'],
    ],
    [
      'with an id as DingTalk shows it',
      { group: 'dingtalk/cid5DEAySu/Fk+mtMwii4NLYQ==' },
      ['.group | a group looks like dingtalk/cid5DEAySu_Fk+mtMwii4NLYQ== | write _ for each / in the id'],
    ],
    [
      'that is a group and chooses states',
      { group: 'slack/C0123', states: ['failed'] },
      ['.states | only receivers with a url can choose states | remove it: a group has one card'],
    ],
    [
      'of some states alone, without an address',
      { states: ['ready'] },
      ['.url | is missing | add it, as in: url: "https://ops.example.com/startgate"'],
    ],
    [
      'of a state that is nearly one',
      { url: 'https://ops.example.com', states: ['denid'] },
      [
        '.states.0 | must be one of pending, ready, waiting, stopping, starting, running, satisfied, dry_run_passed, failed, stuck, denied, cancelled, expired | did you mean denied?',
      ],
    ],
    [
      'of a state that is told to nobody',
      { url: 'https://ops.example.com', states: ['expiring'] },
      [
        '.states.0 | must be one of pending, ready, waiting, stopping, starting, running, satisfied, dry_run_passed, failed, stuck, denied, cancelled, expired | write it anew, as in: states: [ pending, failed ]',
      ],
    ],
  ])('%s', (_what, receiver, said) => {
    expect(say(aPolicyDocument({ receivers: { desk: receiver } }))).toEqual(said.map((each) => `receivers.desk${each}`))
  })
})

describe('what is said of chats', () => {
  test.each<[string, unknown, string]>([
    [
      'an app without its workspace',
      { slack: { app: 'A0456' } },
      'slack.team | is missing | add it, as in: team: T0123',
    ],
    [
      'an id with a blank',
      { slack: { team: 'T 1', app: 'A0456' } },
      'slack.team | an id is written as the platform shows it | write it anew, as in: team: T0123',
    ],
    ['a platform that is nearly one', { feisu: {} }, 'feisu | is not known here | did you mean feishu?'],
    [
      'a language',
      { slack: { team: 'T0123', app: 'A0456', language: 'cn' } },
      'slack.language | must be one of en, zh | did you mean zh?',
    ],
  ])('%s', (_what, chats, said) => {
    expect(say(aPolicyDocument({ chats }))).toEqual([`chats.${said}`])
  })

  test.each(['U0456', 'teams:T0123/U0456', 'slack:T0123', 'slack:T0123/U0456/x', 'slack:T0123/U 1'])(
    'the identity %j',
    (identity) => {
      expect(say(aPolicyDocument({ people: { alice: { chat: [identity] } } }))).toEqual([
        'people.alice.chat.0 | an identity looks like slack:T0123/U0456 | write it anew, as in: chat: [ "slack:T0123/U0456" ]',
      ])
    },
  )

  test.each([
    ['dingtalk/ding01/manager7', 'dingtalk:ding0123456789abcdef/manager4321'],
    ['ou_7d8a6e6df762', 'feishu:2ed263bf32cf1651/ou_7d8a6e6df762'],
  ])('an identity that is meant for another platform: %s', (identity, example) => {
    expect(say(aPolicyDocument({ people: { alice: { chat: [identity] } } }))).toEqual([
      `people.alice.chat.0 | an identity looks like ${example} | write it anew, as in: chat: [ "${example}" ]`,
    ])
  })
})

test('no sentence of the parser’s own reaches anybody', () => {
  const machines = { 'deploy-bot': { webhook: { v1a: [`whpk_${'A'.repeat(43)}=`] } } }
  const hours = [{ days: ['mon'], from: '08:00', to: '20:00' }]
  const document = aPolicyDocument({ machines, timeZone: 'Asia/Shanghai', rules: [aRule({ hours })] })
  const causes = changeEachLeaf(document).flatMap(({ value }) => {
    const parsed = parsePolicy(value)
    return parsed.ok ? [] : parsed.faults.map(({ cause }) => cause)
  })

  expect(causes.length).toBeGreaterThan(20)
  expect(causes.filter((cause) => /^(Invalid|Unrecognized|Too) /.test(cause))).toEqual([])
})

describe('toPolicyFaults', () => {
  /** Of forms that the policy does not have today. */
  function sayOf(schema: z.ZodMiniType, document: unknown): readonly string[] {
    const issues = schema.safeParse(document).error?.issues ?? []
    return toPolicyFaults(issues, schema, document).map(({ cause }) => cause)
  }

  test.each<[z.ZodMiniType, unknown, string]>([
    [z.string().check(z.minLength(3)), 'ab', 'must have at least 3 characters'],
    [z.string().check(z.maxLength(3)), 'abcd', 'must have at most 3 characters'],
    [z.array(z.string()).check(z.minLength(2)), ['a'], 'must have at least 2 entries'],
    [z.null(), 'x', 'must be null, not text'],
    [z.number(), 'x', 'must be a number, not text'],
  ])('has words for what no member asks for yet', (schema, value, said) => {
    const within = z.strictObject({ member: schema })
    expect(sayOf(within, { member: value })).toEqual([said])
  })

  test('a member that another way of writing this has', () => {
    const short = z.strictObject({ id: z.string(), name: z.string().check(z.regex(/^.$/, { abort: true })) })
    const either = z.union([z.strictObject({ id: z.string() }), short])

    expect(sayOf(either, { id: 'x', name: 'too long' })).toEqual(['does not fit with what stands beside it'])
  })

  test('ways that lack more than one member each', () => {
    const [near, far] = [
      { x: z.string(), y: z.string() },
      { r: z.string(), phi: z.string() },
    ]
    const either = z.union([z.strictObject(near), z.strictObject(far)])

    expect(sayOf(either, {})).toEqual(['is missing', 'is missing'])
  })
})
