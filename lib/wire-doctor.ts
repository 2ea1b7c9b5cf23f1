// Joins a function with what it finds out about itself. Loaded when somebody asks: neither function waits for it otherwise.
import { createLookProbe, createStartProbe } from '#adapters/ecs/probe.ts'
import { createInvokeProbe } from '#adapters/fc/invoke-probe.ts'
import type { Invocation } from '#adapters/fc/invocation.ts'
import type { Asked } from '#adapters/fc/open.ts'
import { createTableProbes } from '#adapters/tablestore/probes.ts'
import { createClock } from '#adapters/world.ts'
import type { FunctionRole, OwnWorld, Report } from '#core/doctor/report.ts'
import type { Policy } from '#core/policy.ts'
import { lookAround } from '#flow/doctor/look-around.ts'
import { readGateConfig } from '#lib/config-gate.ts'
import { ConfigError, readStarterConfig, type Config, type Environment } from '#lib/config.ts'
import { bytecodeState } from '#lib/bytecode.ts'
import { RUNTIME } from '#lib/runtime.ts'
import { join } from '#lib/wire-flow.ts'
import { wireRecord } from '#lib/wire-record.ts'
import { createGround, readBuild, readPolicy, toAudience } from '#lib/wire.ts'

/** Also of a function that cannot work as it is set up: then the report says why. */
export async function report(
  role: FunctionRole,
  env: Environment,
  artifact: URL,
  { invocation, instances, lastTimer }: Asked,
): Promise<Report> {
  const build = attempt(() => readBuild(artifact))
  const policy = attempt(() => readPolicy(artifact))
  const config = attempt(() => readConfig(role, env, policy.ok))
  const starter = role === 'starter' ? invocation.functionName : (env['STARTER_FUNCTION'] ?? '')
  const world =
    policy.ok === undefined || config.ok === undefined
      ? undefined
      : await look(role, { ...config.ok, policy: policy.ok, starter }, invocation, instances)
  return {
    function: role,
    build: build.ok ?? 'unknown',
    runtime: RUNTIME,
    nodeFlags: [env['NODE_OPTIONS'] ?? [], ...process.execArgv].flat().join(' '),
    bytecode: bytecodeState(),
    ...(policy.ok === undefined ? {} : { policy: policy.ok.digest }),
    audience: toAudience(invocation, starter),
    now: createClock().now(),
    ...(lastTimer === undefined ? {} : { lastTimer }),
    problems: [...new Set([...build.problems, ...policy.problems, ...config.problems])],
    ...(world === undefined ? {} : { world }),
  }
}

interface SetUp {
  readonly config: Config
  readonly publicUrl?: string
}

function readConfig(role: FunctionRole, env: Environment, policy: Policy | undefined): SetUp | undefined {
  if (role === 'starter') return { config: readStarterConfig(env) }
  if (policy === undefined) return undefined
  const { config } = readGateConfig(env, policy)
  return { config, publicUrl: config.publicUrl }
}

async function look(
  role: FunctionRole,
  { config, policy, starter, publicUrl }: SetUp & { readonly policy: Policy; readonly starter: string },
  invocation: Invocation,
  instances: readonly string[],
): Promise<OwnWorld> {
  const ground = createGround(config, invocation, () => invocation)
  const { accountId, regionId } = ground
  const { ecs, functions, common } = join(config, policy, ground, starter)
  const deps = {
    role,
    policy,
    accountId,
    regionId,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    tables: createTableProbes(wireRecord(config, ground).driver),
    starts: createStartProbe(ecs),
    looks: createLookProbe(ecs),
    invokes: createInvokeProbe({ ...ground, functions, durations: common.durations }),
  }
  return lookAround(deps, instances)
}

interface Attempt<Value> {
  readonly ok: Value | undefined
  readonly problems: readonly string[]
}

function attempt<Value>(work: () => Value): Attempt<Value> {
  try {
    return { ok: work(), problems: [] }
  } catch (error) {
    if (error instanceof ConfigError) return { ok: undefined, problems: error.problems }
    return { ok: undefined, problems: [error instanceof Error ? error.message : 'it cannot be read'] }
  }
}
