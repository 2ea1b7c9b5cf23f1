import { describe, expect, test } from 'vitest'
import { DURATIONS } from '#core/durations.ts'
import { readGateConfig } from '#lib/config-gate.ts'
import { ConfigError, readStarterConfig, type Environment } from '#lib/config.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'

const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
const OTHER = `whsec_${Buffer.alloc(24, 2).toString('base64')}`
const STARTER: Environment = {
  TABLESTORE_ENDPOINT: 'https://startgate.cn-hangzhou.vpc.tablestore.aliyuncs.com',
  TABLESTORE_INSTANCE: 'startgate',
  ECS_ENDPOINT: 'ecs-vpc.<region>.aliyuncs.com',
  GATE_FUNCTION: 'startgate-gate',
  STARTER_FUNCTION: 'startgate-starter',
}
const GATE: Environment = {
  ...STARTER,
  PUBLIC_URL: 'https://start.example.com',
  VIEW_KEY: 'k'.repeat(32),
  GATE_SIGNING_KEY: `whsk_${Buffer.alloc(32, 3).toString('base64')}`,
  CALLER_SECRET_DEPLOY_BOT: SECRET,
}

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const starterProblems = (env: Environment): readonly string[] => problemsOf(() => readStarterConfig(env))
const gateProblems = (env: Environment): readonly string[] => problemsOf(() => readGateConfig(env, teamPolicy()))

describe('readStarterConfig', () => {
  test('reads what s.yaml sets, with the real durations', () => {
    expect(readStarterConfig(STARTER)).toEqual({
      tablestore: { endpoint: STARTER['TABLESTORE_ENDPOINT'], instance: 'startgate' },
      ecsEndpoint: 'ecs-vpc.<region>.aliyuncs.com',
      fcEndpoint: undefined,
      gateFunction: 'startgate-gate',
      starterFunction: 'startgate-starter',
      durations: DURATIONS,
    })
  })

  test('names every problem at once, and an empty variable as missing', () => {
    const env = { ...STARTER, TABLESTORE_ENDPOINT: 'nowhere', ECS_ENDPOINT: '', GATE_FUNCTION: undefined }
    expect(starterProblems(env)).toEqual([
      expect.stringMatching(/^TABLESTORE_ENDPOINT: /),
      'ECS_ENDPOINT is missing',
      'GATE_FUNCTION is missing',
    ])
  })

  test('runs faster only on loopback: shorter graces are not safe elsewhere', () => {
    expect(starterProblems({ ...STARTER, TIME_SCALE: '20' })).toEqual(['TIME_SCALE is for the local cloud only'])
    const local = { ...STARTER, TABLESTORE_ENDPOINT: 'http://127.0.0.1:8080', TIME_SCALE: '20' }
    expect(readStarterConfig(local).durations.functionTimeout).toBe(DURATIONS.functionTimeout / 20)
    expect(starterProblems({ ...local, TIME_SCALE: '21' })).toHaveLength(1)
  })
})

describe('readGateConfig', () => {
  test('reads secrets apart from the configuration', () => {
    const env = {
      ...GATE,
      CALLER_SECRET_DEPLOY_BOT_PREVIOUS: OTHER,
      RECEIVER_SECRET_OPS_ROOM: OTHER,
      VIEW_KEY_PREVIOUS: 'p'.repeat(32),
    }
    const { config, secrets } = readGateConfig(env, teamPolicy())
    expect(config.publicUrl).toBe('https://start.example.com')
    expect(JSON.stringify(config)).not.toMatch(/whse|whsk|kkkk/)
    expect(secrets).toEqual({
      viewKey: { current: 'k'.repeat(32), previous: 'p'.repeat(32) },
      signingKey: GATE['GATE_SIGNING_KEY'],
      callers: { 'deploy-bot': { current: SECRET, previous: OTHER } },
      receivers: { 'ops-room': { current: OTHER } },
      chats: {},
    })
    expect(config.chatEndpoint).toBeUndefined()
  })

  test('lies where the policy has its page, or nowhere: passkeys that are used elsewhere do not count', () => {
    const policy = teamPolicy({ ...teamDocument(), page: { origin: 'https://start.example.com' } })
    const problems = (PUBLIC_URL: string): readonly string[] =>
      problemsOf(() => readGateConfig({ ...GATE, PUBLIC_URL }, policy))
    expect(problems('https://start.example.com')).toEqual([])
    expect(problems('https://start.example.com/gate')).toEqual([])
    for (const elsewhere of ['http://start.example.com', 'https://example.com', 'https://start.example.com:8443'])
      expect(problems(elsewhere)).toEqual([
        'PUBLIC_URL: must begin with https://start.example.com, the page.origin of the policy: passkeys count there alone',
      ])
  })

  test('wants the secret of every machine that signs with one', () => {
    expect(gateProblems({ ...GATE, CALLER_SECRET_DEPLOY_BOT: undefined })).toEqual([
      'CALLER_SECRET_DEPLOY_BOT is missing: deploy-bot signs with v1',
    ])
  })

  test('takes the signing key as its seed, or as both halves that belong together', () => {
    const seed = 'nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A='
    const half = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
    const whsk = (...halves: readonly string[]): string =>
      `whsk_${Buffer.concat(halves.map((each) => Buffer.from(each, 'base64'))).toString('base64')}`
    expect(gateProblems({ ...GATE, GATE_SIGNING_KEY: whsk(seed) })).toEqual([])
    expect(gateProblems({ ...GATE, GATE_SIGNING_KEY: whsk(seed, half) })).toEqual([])
    expect(gateProblems({ ...GATE, GATE_SIGNING_KEY: whsk(half, seed) })).toEqual([
      'GATE_SIGNING_KEY: its two halves do not belong together',
    ])
  })

  test('never shows a secret that is wrong', () => {
    const problems = gateProblems({
      ...GATE,
      CALLER_SECRET_DEPLOY_BOT: 'hunter2',
      GATE_SIGNING_KEY: 'hunter2',
      VIEW_KEY: 'hunter2',
    })
    expect(problems).toHaveLength(3)
    expect(problems.join()).not.toContain('hunter2')
  })
})

describe('what the chat platforms of the policy need', () => {
  const chats = {
    slack: { team: 'T0123', app: 'A0456' },
    feishu: { tenant: '2ed263bf32cf1651', app: 'cli_a1b2c3' },
    dingtalk: { corp: 'ding0123', app: 'dinga1', robot: 'dinga1', template: 'card.schema', route: 'startgate' },
  }
  const policy = teamPolicy({ ...teamDocument(), chats })
  const ALL: Environment = {
    SLACK_SIGNING_SECRET: 's'.repeat(32),
    SLACK_SIGNING_SECRET_PREVIOUS: 't'.repeat(32),
    SLACK_BOT_TOKEN: 'xoxb-1111111111-2222222222-AbCdEf',
    FEISHU_ENCRYPT_KEY: 'f'.repeat(16),
    FEISHU_ENCRYPT_KEY_PREVIOUS: 'g'.repeat(16),
    FEISHU_APP_SECRET: 'a'.repeat(32),
    DINGTALK_APP_SECRET: 'd'.repeat(64),
    DINGTALK_APP_SECRET_PREVIOUS: 'e'.repeat(64),
    DINGTALK_AES_KEY: 'k'.repeat(43),
    DINGTALK_AES_KEY_PREVIOUS: 'l'.repeat(43),
    DINGTALK_CARD_SECRET: 'c'.repeat(32),
    DINGTALK_CARD_SECRET_PREVIOUS: 'b'.repeat(32),
  }
  const isPrevious = (name: string): boolean => name.endsWith('_PREVIOUS')
  const NEEDED = Object.keys(ALL).filter((name) => !isPrevious(name))
  const problems = (env: Environment): readonly string[] =>
    problemsOf(() => readGateConfig({ ...GATE, ...env }, policy))

  test('is read, with what counted before', () => {
    expect(readGateConfig({ ...GATE, ...ALL }, policy).secrets.chats).toEqual({
      slack: { signing: { current: 's'.repeat(32), previous: 't'.repeat(32) }, botToken: ALL['SLACK_BOT_TOKEN'] },
      feishu: { encryptKey: { current: 'f'.repeat(16), previous: 'g'.repeat(16) }, appSecret: 'a'.repeat(32) },
      dingtalk: {
        appSecret: { current: 'd'.repeat(64), previous: 'e'.repeat(64) },
        aesKey: { current: 'k'.repeat(43), previous: 'l'.repeat(43) },
        cardSecret: { current: 'c'.repeat(32), previous: 'b'.repeat(32) },
      },
    })
    const current = Object.fromEntries(Object.entries(ALL).filter(([name]) => !isPrevious(name)))
    expect(readGateConfig({ ...GATE, ...current }, policy).secrets.chats.slack).toEqual({
      signing: { current: 's'.repeat(32) },
      botToken: ALL['SLACK_BOT_TOKEN'],
    })
  })

  test('is named at once, with all else that is missing', () => {
    const env = { ...GATE, VIEW_KEY: undefined, CALLER_SECRET_DEPLOY_BOT: undefined }

    expect(problemsOf(() => readGateConfig(env, policy))).toEqual([
      'VIEW_KEY is missing',
      'CALLER_SECRET_DEPLOY_BOT is missing: deploy-bot signs with v1',
      ...NEEDED.map((name) => `${name} is missing: the policy connects ${name.split('_')[0]?.toLowerCase()}`),
    ])
  })

  test('is not asked for where the policy does not connect the platform, whatever is set', () => {
    const slackOnly = teamPolicy({ ...teamDocument(), chats: { slack: chats.slack } })

    expect(problemsOf(() => readGateConfig(GATE, slackOnly))).toEqual(
      NEEDED.filter((name) => name.startsWith('SLACK_')).map((name) => `${name} is missing: the policy connects slack`),
    )
    expect(readGateConfig({ ...GATE, ...ALL }, slackOnly).secrets.chats).toEqual({
      slack: expect.anything() as unknown,
    })
  })

  test.each(Object.keys(ALL))('%s is never shown when it is wrong', (name) => {
    const [said, ...more] = problems({ ...ALL, [name]: 'hunter 2' })

    expect(more).toEqual([])
    expect(said).toMatch(new RegExp(`^${name}: must be `))
    expect(said).not.toContain('hunter')
  })

  test.each(['x'.repeat(42), 'x'.repeat(44), `${'x'.repeat(42)}=`])('an AES key has 43 characters: %s', (key) => {
    expect(problems({ ...ALL, DINGTALK_AES_KEY: key })).toEqual(['DINGTALK_AES_KEY: must be 43 characters of base64'])
  })

  test('may lie on this very computer, and nowhere else', () => {
    const at = (CHAT_ENDPOINT: string): readonly string[] => problems({ ...ALL, CHAT_ENDPOINT })
    const here = ['http://127.0.0.1:8090', 'http://localhost:8090', 'http://[::1]:8090']
    const elsewhere = [
      'https://127.0.0.1:8090',
      'http://127.0.0.1:8090/',
      'http://127.0.0.1',
      'http://127.0.0.1:1@example.com:80',
      'http://127.0.0.1.example.com:80',
      'http://hooks.example.com:80',
    ]

    for (const url of here)
      expect(readGateConfig({ ...GATE, ...ALL, CHAT_ENDPOINT: url }, policy).config.chatEndpoint).toBe(url)
    for (const url of elsewhere)
      expect(at(url)).toEqual([expect.stringMatching(/^CHAT_ENDPOINT: must be http:\/\/ on /)])
  })
})
