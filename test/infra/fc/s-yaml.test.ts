import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { DURATIONS } from '#core/durations.ts'
import { type Policy, parsePolicy } from '#core/policy.ts'
import { toDefinitions } from '#infra/local/fc/from-s-yaml.ts'
import { parseServiceFile, renderEnvironment } from '#infra/s-yaml.ts'
import { CHAT_VARIABLES } from '#lib/config-secrets.ts'
import { readGateConfig } from '#lib/config-gate.ts'
import { readStarterConfig } from '#lib/config.ts'

const root = new URL('../../../', import.meta.url)
const text = readFileSync(new URL('s.yaml', root), 'utf8')

describe('s.yaml', () => {
  const file = parseServiceFile(text)
  const { gate, starter } = file.resources

  it('deploys both functions from one build, the starter first', () => {
    expect(file.flow.deploy).toEqual([['starter'], ['gate']])
    expect(gate.props.code).toBe(starter.props.code)
    expect(gate.actions).toEqual(starter.actions)
  })

  it('names the functions as the functions name each other', () => {
    for (const { props } of [gate, starter]) {
      expect(props.environmentVariables).toMatchObject({
        GATE_FUNCTION: gate.props.functionName,
        STARTER_FUNCTION: starter.props.functionName,
      })
    }
  })

  it('has the timeout and the timer interval that the durations count with', () => {
    for (const { props } of [gate, starter]) expect(props.timeout * 1000).toBe(DURATIONS.functionTimeout)
    expect(DURATIONS.tick).toBe(60_000)
    const { gate: asker, starter: sweeper } = toDefinitions(file)
    expect([...asker.timers, ...sweeper.timers].filter(({ enable }) => enable)).toMatchObject([
      { triggerName: 'tell', cronExpression: '@every 1m', payload: '{"job":"tell"}' },
      { triggerName: 'sweep', cronExpression: '@every 1m', payload: '{"job":"sweep"}' },
    ])
  })

  it('lets only the gate be reached over HTTP', () => {
    const { gate: asker, starter: sweeper } = toDefinitions(file)
    expect([asker.httpMethods, sweeper.httpMethods]).toEqual([['GET', 'HEAD', 'POST'], undefined])
  })

  it('keeps the environment below the 4 KB that a function may have, with long values and while secrets are changed', () => {
    const long: Record<string, string> = new Proxy({}, { get: () => 'v'.repeat(100) })
    const sharedBy = (prefix: string, index: number): [string, string][] =>
      ['', '_PREVIOUS'].map((suffix) => [
        `${prefix}_SECRET_${`N${index}`.padEnd(24, 'N')}${suffix}`,
        `whsec_${'s'.repeat(44)}`,
      ])
    const secrets = [0, 1, 2, 3, 4].flatMap((index) => [...sharedBy('CALLER', index), ...sharedBy('RECEIVER', index)])
    const chats = CHAT_VARIABLES.map((name): [string, string] => [name, 'c'.repeat(64)])
    const worst = { VIEW_KEY_PREVIOUS: 'v'.repeat(100), ...Object.fromEntries([...secrets, ...chats]) }
    for (const [{ props }, more] of [[gate, worst] as const, [starter, {}] as const]) {
      const variables = { ...renderEnvironment(props.environmentVariables, long), ...more }
      expect(Buffer.byteLength(JSON.stringify(variables))).toBeLessThan(4096)
    }
  })

  it('sets no variable whose name Function Compute keeps to itself', () => {
    const names = [gate, starter].flatMap(({ props }) => Object.keys(props.environmentVariables))
    expect(names.filter((name) => /^(FC_|ALIBABA_CLOUD_)/.test(name))).toEqual([])
  })

  it('closes the internet to the starter, and leaves it endpoints for VPCs alone', () => {
    expect([gate.props.internetAccess, starter.props.internetAccess]).toEqual([true, false])
    expect(starter.props.environmentVariables.ECS_ENDPOINT).toBe('ecs-vpc.<region>.aliyuncs.com')
  })

  it('puts both functions into one network and their logs into one place', () => {
    expect(gate.props.vpcConfig).toEqual(starter.props.vpcConfig)
    expect(gate.props.logConfig).toEqual(starter.props.logConfig)
  })

  it('sets what the functions read when they start', () => {
    const environment = {
      TABLESTORE_ENDPOINT: 'https://startgate.cn-hangzhou.vpc.tablestore.aliyuncs.com',
      TABLESTORE_INSTANCE: 'startgate',
      INVOKE_ENDPOINT: 'https://1234567890123456.cn-hangzhou-internal.fc.aliyuncs.com',
      PUBLIC_URL: 'https://startgate.example.com',
      VIEW_KEY: 'v'.repeat(32),
      GATE_SIGNING_KEY: `whsk_${'a'.repeat(43)}=`,
    }
    expect(readStarterConfig(renderEnvironment(starter.props.environmentVariables, environment))).toMatchObject({
      ecsEndpoint: 'ecs-vpc.<region>.aliyuncs.com',
      fcEndpoint: environment.INVOKE_ENDPOINT,
    })
    const policy = readPolicyFile('test/fixtures/build/policy.yaml')
    expect(readGateConfig(renderEnvironment(gate.props.environmentVariables, environment), policy)).toMatchObject({
      config: { publicUrl: environment.PUBLIC_URL, starterFunction: starter.props.functionName },
      secrets: { viewKey: { current: environment.VIEW_KEY }, signingKey: environment.GATE_SIGNING_KEY },
    })
  })

  it('has timers that ask for schedules which the policy has', () => {
    const { schedules } = readPolicyFile('infra/policy.yaml')
    const asks = toDefinitions(file).gate.timers.flatMap(
      ({ payload }) => (JSON.parse(payload) as { ask?: string }).ask ?? [],
    )
    expect(asks).toEqual(['example'])
    for (const ask of asks) expect(schedules).toHaveProperty(ask)
  })

  it('cannot be deployed while a variable that it reads is not set', () => {
    expect(() => renderEnvironment(file, {})).toThrow("env('STARTER_ROLE_ARN') not found")
    expect(renderEnvironment("${env('A')}/${env('B')}", { A: 'a', B: 'b' })).toBe('a/b')
  })

  it('names in comments every secret of a chat platform that cannot be left out', () => {
    const commented = [...text.matchAll(/^ +# ([A-Z_]+): \$\{env\('([A-Z_]+)'\)\}$/gm)]
    expect(commented.filter(([, variable, name]) => variable !== name)).toEqual([])
    expect(commented.map(([, variable]) => variable)).toEqual(
      expect.arrayContaining(CHAT_VARIABLES.filter((name) => !name.endsWith('_PREVIOUS'))),
    )
  })

  it('takes secrets of callers, receivers and chat platforms, and the previous view key', () => {
    const names = ['CALLER_SECRET_DEPLOY_BOT', 'RECEIVER_SECRET_OPS', 'VIEW_KEY_PREVIOUS', ...CHAT_VARIABLES]
    for (const name of names)
      expect(() =>
        parseServiceFile(changed(['gate', 'environmentVariables', name], `\${env('${name}')}`)),
      ).not.toThrow()
  })
})

describe('a mistake is refused with its path:', () => {
  it.each([
    [['gate', 'memmorySize'], 512, 'resources.gate.props.memmorySize: unknown key'],
    [['gate', 'concurrencyConfig', 'maxConcurrency'], 1, 'gate.props.concurrencyConfig.maxConcurrency: unknown key'],
    [['gate', 'instanceConcurrency'], 10, 'resources.gate.props.instanceConcurrency: unknown key'],
    [['gate', 'runtime'], 'nodejs22', 'resources.gate.props.runtime: '],
    [
      ['gate', 'triggers', 1, 'triggerConfig', 'cronExpression'],
      '*/5 * * * *',
      'props.triggers.1.triggerConfig.cronExpression: ',
    ],
    [['gate', 'triggers', 1, 'triggerConfig', 'payload'], 'tell', 'props.triggers.1.triggerConfig.payload: '],
    [['gate', 'triggers', 1, 'triggerName'], 'ask-example', 'resources.gate.props.triggers: two triggers'],
    [['gate', 'triggers', 0, 'triggerConfig', 'methods'], ['DELETE'], 'props.triggers.0.triggerConfig.methods.0: '],
    [['gate', 'asyncInvokeConfig', 'maxAsyncRetryAttempts'], 9, 'asyncInvokeConfig.maxAsyncRetryAttempts: '],
    [
      ['starter', 'asyncInvokeConfig', 'maxAsyncRetryAttempts'],
      1,
      'maxAsyncRetryAttempts: must be 0: the sweep is the retry',
    ],
    [['starter', 'logConfig'], 'auto', 'resources.starter.props.logConfig: '],
    [['starter', 'vpcConfig', 'vpcId'], 'vpc-bp1', "starter.props.vpcConfig.vpcId: must be ${env('NAME')}"],
    [['gate', 'vpcConfig', 'vSwitchIds'], [], 'resources.gate.props.vpcConfig.vSwitchIds: '],
    [
      ['starter', 'environmentVariables', 'INVOKE_ENDPOINT'],
      undefined,
      'starter.props.environmentVariables.INVOKE_ENDPOINT: ',
    ],
    [['starter', 'role'], undefined, 'resources.starter.props.role: '],
    [
      ['starter', 'role'],
      'acs:ram::1234567890123456:role/starter',
      "resources.starter.props.role: must be ${env('NAME')}",
    ],
    [['gate', 'environmentVariables', 'VIEW_KEY'], 'aGFyZGNvZGVk', 'environmentVariables.VIEW_KEY: must be ${env('],
    [
      ['gate', 'environmentVariables', 'CALLER_SECRET_BOT'],
      'whsec_x',
      'environmentVariables.CALLER_SECRET_BOT: must be ${env(',
    ],
    [
      ['gate', 'environmentVariables', 'INVOKE_ENDPOINT'],
      "${env('X')}",
      'environmentVariables.INVOKE_ENDPOINT: is read by nobody',
    ],
    [
      ['starter', 'environmentVariables', 'VIEW_KEY'],
      "${env('VIEW_KEY')}",
      'environmentVariables.VIEW_KEY: unknown key',
    ],
    [['starter', 'handler'], 'gate.handler', 'resources.starter.props.handler: '],
    [['starter', 'code'], './dist', 'resources.starter.props.code: '],
    [['starter', 'timeout'], 0, 'resources.starter.props.timeout: '],
    [['starter', 'region'], '${vars.nope}', 'resources.starter.props.region: '],
    [
      ['starter', 'triggers', 0],
      { triggerName: 'http', triggerType: 'http', triggerConfig: {} },
      'triggers.0.triggerType: must be "timer"',
    ],
  ] as const)('%j = %j', (path, value, message) => {
    expect(() => parseServiceFile(changed(path, value))).toThrow(message)
  })
})

function readPolicyFile(file: string): Policy {
  const parsed = parsePolicy(parse(readFileSync(new URL(file, root), 'utf8')))
  if (!parsed.ok) throw new Error(`${file} is refused`)
  return parsed.policy
}

/** s.yaml with one entry below `resources.<function>.props` replaced, or left out when `value` is undefined. */
function changed([fn = '', ...path]: readonly (string | number)[], value: unknown): string {
  const document = parse(text) as { resources: Record<string, { props: object }> }
  const last = path.pop() ?? ''
  const parent = path.reduce((at, key) => at[key] as Branch, document.resources[fn]?.props as Branch)
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return stringify(document)
}

type Branch = Record<string | number, unknown>
