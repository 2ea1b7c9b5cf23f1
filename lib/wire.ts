// What both functions are made with before anything else: their files, and what comes with each invocation. These `wire`
// files alone pick adapters. There are several, so that no invocation waits for the loading of what it does not need.
// Everything is made once and kept for the life of the instance; only the credentials change with each invocation.
import { readFileSync } from 'node:fs'
import type * as fc from '#adapters/fc/invocation.ts'
import { createLog } from '#adapters/log.ts'
import { createClock, createRandom } from '#adapters/world.ts'
import { sha256 } from '#core/digest.ts'
import type { Policy } from '#core/policy.ts'
import type { Config } from '#lib/config.ts'
import type { Clock, Log, Random } from '#ports/world.ts'

/** One request at a time runs in an instance, so the latest invocation is always the one that runs. */
type Current = () => fc.Invocation

export function once<Wired>(
  wire: (first: fc.Invocation, current: Current) => Wired,
): (invocation: fc.Invocation) => Wired {
  let wired: Wired | undefined
  let current: fc.Invocation
  return (invocation) => {
    current = invocation
    wired ??= wire(invocation, () => current)
    return wired
  }
}

/** Made when it is first needed, and once; what could not be made is tried again. */
export function keep<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let kept: Promise<Made> | undefined
  return () =>
    (kept ??= make().catch((error: unknown) => {
      kept = undefined
      throw error
    }))
}

/** Whose function this is, and the least that every part of it uses. */
export interface Ground {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly accountId: string
  readonly regionId: string
  readonly credentials: () => fc.Credentials
  /** Where functions are invoked; without one the SDK takes the public one of its account and region. */
  readonly endpoint?: string
}

export function createGround({ fcEndpoint }: Config, first: fc.Invocation, current: Current): Ground {
  const clock = createClock()
  return {
    clock,
    random: createRandom(),
    log: createLog({ clock, call: () => current().requestId }),
    accountId: first.accountId,
    regionId: first.regionId,
    credentials: () => current().credentials,
    ...(fcEndpoint === undefined ? {} : { endpoint: fcEndpoint }),
  }
}

/** `starter`: the name that approvals are worth something for. */
export function toAudience({ accountId, regionId }: Pick<Ground, 'accountId' | 'regionId'>, starter: string): string {
  return `${accountId}/${regionId}/${starter}`
}

/** As the build compiled it from a file that it had judged. One that was changed since was judged by nobody. */
export function readPolicy(artifact: URL): Policy {
  const compiled = readText(artifact, 'policy.json')
  if (sha256(compiled) !== readBuildFile(artifact).policySha256)
    throw new Error('policy.json is refused: it is not what the build made of the policy file; build and deploy again')
  return JSON.parse(compiled) as Policy
}

export function readBuild(artifact: URL): string {
  const { version, commit } = readBuildFile(artifact)
  return `${String(version)} ${String(commit)}`
}

interface BuildFile {
  readonly version?: unknown
  readonly commit?: unknown
  readonly policySha256?: unknown
}

function readBuildFile(artifact: URL): BuildFile {
  return readJson(artifact, 'build.json') as BuildFile
}

export function readJson(artifact: URL, file: string): unknown {
  return JSON.parse(readText(artifact, file))
}

export function readText(artifact: URL, file: string): string {
  return readFileSync(new URL(file, artifact), 'utf8')
}
