// Makes everything that is deployed or handed out: one artifact for both functions, and the command line tool.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { policySchema } from '#core/policy.ts'
import { toPolicySchema } from '#core/policy-schema.ts'
import { bundleCli, bundleFunctions, bundleLoader } from './bundle.ts'
import { rehearse } from './code-cache/rehearse.ts'
import { toOpenapi } from './openapi.ts'
import { bundlePage, PAGE_ENTRY } from './page.ts'
import { readPolicy } from './policy.ts'
import type { BuiltPolicy } from './policy.ts'
import { listFiles } from './report.ts'
import type { BuiltFile } from './report.ts'
import { settleAll } from './settle.ts'
import { vendor } from './vendor.ts'

/** In the artifact, where the gate serves it, and beside it for the editors of those who have this checkout. */
const POLICY_SCHEMA = 'policy.schema.json'

const project = fileURLToPath(new URL('../..', import.meta.url))

export interface BuildOptions {
  /** The directory with functions/, lib/ and package.json; default: this project. */
  readonly root?: string | undefined
  /** Default `infra/policy.yaml`. */
  readonly policyFile?: string | undefined
  /** Default `dist`. */
  readonly outDir?: string | undefined
  /** Refuses a policy that is marked as an example. */
  readonly deploy?: boolean | undefined
  /** Adds the bytecode of what the functions do most, made by Node with these flags; default: none. Takes a second or two. */
  readonly bytecode?: { readonly nodeFlags: readonly string[] } | undefined
}

export interface Built {
  /** The artifact of both functions, absolute. */
  readonly artifact: string
  /** The command line tool, absolute. */
  readonly cli: string
  readonly files: readonly BuiltFile[]
}

/** Throws with a sentence when the policy, an entry point or an SDK is not as it must be; the old output stays then. */
export async function build(options: BuildOptions = {}): Promise<Built> {
  const root = options.root ?? project
  const outDir = resolve(root, options.outDir ?? 'dist')
  const policyFile = resolve(root, options.policyFile ?? 'infra/policy.yaml')
  const policy = await readPolicy(policyFile, { deploy: options.deploy ?? false })
  requireEntries(root, ['functions/gate.ts', 'functions/starter.ts', 'lib/cli/main.ts', PAGE_ENTRY])

  const fresh = join(outDir, `.building-${process.pid}`)
  try {
    const loader = await bundleLoader(join(fresh, 'function'))
    await settleAll([
      bundleFunctions(root, join(fresh, 'function'), loader),
      bundlePage(root, join(fresh, 'function/page')),
      bundleCli(root, join(fresh, 'startgate.mjs')),
      vendor(join(fresh, 'function')),
      placeData(root, join(fresh, 'function'), policy),
      writeJson(join(fresh, POLICY_SCHEMA), toPolicySchema(policySchema)),
    ])
    if (options.bytecode) await rehearse(join(fresh, 'function'), options.bytecode.nodeFlags)
    await replace(join(fresh, 'function'), join(outDir, 'function'))
    await replace(join(fresh, 'startgate.mjs'), join(outDir, 'startgate.mjs'))
    await replace(join(fresh, POLICY_SCHEMA), join(outDir, POLICY_SCHEMA))
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return {
    artifact: join(outDir, 'function'),
    cli: join(outDir, 'startgate.mjs'),
    files: await listFiles(outDir, ['function', 'startgate.mjs', POLICY_SCHEMA]),
  }
}

/** Whoever runs the old output keeps it whole: the new one takes its place in one step, nothing is written into it. */
async function replace(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await rename(from, to)
}

function requireEntries(root: string, entries: readonly string[]): void {
  const absent = entries.filter((entry) => !existsSync(join(root, entry)))
  if (absent.length > 0) throw new Error(`Nothing to build from: ${absent.join(', ')} does not exist`)
}

/** The files beside the bundles, which the functions read when they start. */
async function placeData(root: string, artifact: string, { compiled, marks }: BuiltPolicy): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  await writeJson(join(artifact, 'package.json'), { type: 'module' })
  await writeFile(join(artifact, 'policy.json'), compiled)
  await writeJson(join(artifact, 'openapi.json'), await toOpenapi(version))
  await writeJson(join(artifact, POLICY_SCHEMA), toPolicySchema(policySchema))
  await writeJson(join(artifact, 'build.json'), { version, commit: await commit(root), ...marks })
}

async function writeJson(file: string, content: unknown): Promise<void> {
  await writeFile(file, JSON.stringify(content))
}

/** `unknown` outside a git checkout, such as an unpacked archive. */
async function commit(root: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: root })
    return stdout.trim()
  } catch {
    return 'unknown'
  }
}
