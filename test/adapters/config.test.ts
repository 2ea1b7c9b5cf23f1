import { describe, expect, test } from 'vitest'
import { DURATIONS } from '#core/durations.ts'
import { ConfigError, readGateConfig, readStarterConfig, type Environment } from '#lib/config.ts'
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
    })
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
