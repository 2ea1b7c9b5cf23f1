// Reads a policy file as the build does: what the product's own parser refuses is not built.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { sayFault } from '#adapters/policy-file/flaw.ts'
import { readPolicyFile } from '#adapters/policy-file/read-policy-file.ts'
import { sha256 } from '#core/digest.ts'

export interface BuiltPolicy {
  /** The parsed policy as JSON, as the functions read it. */
  readonly compiled: string
  /** For `build.json`: the digest of the policy as it was written, and by what the functions know the compiled text. */
  readonly marks: { readonly policyDigest: string; readonly policySha256: string }
}

/** Throws with the file's name and every fault found; with `deploy`, a policy with `example: true` is a fault too. */
export async function readPolicy(file: string, { deploy }: { readonly deploy: boolean }): Promise<BuiltPolicy> {
  if (!existsSync(file)) throw new Error(`There is no policy ${file}`)
  const read = readPolicyFile(await readFile(file, 'utf8'))
  if (!read.ok) {
    throw new Error(`The policy is refused:\n${read.faults.map((fault) => `  ${sayFault(file, fault)}`).join('\n')}`)
  }
  const { policy } = read
  if (deploy && policy.example) {
    throw new Error(`${file} is an example, its keys belong to nobody: write your own policy before you deploy`)
  }
  const compiled = `${JSON.stringify(policy, null, 2)}\n`
  return { compiled, marks: { policyDigest: policy.digest, policySha256: sha256(compiled) } }
}
