// Reads a policy file as the build does: what the product's own parser refuses is not built.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parsePolicy } from '#core/policy.ts'
import { parse } from 'yaml'

export interface BuiltPolicy {
  /** The file's content as it was written, as JSON data: the digest is taken over this. */
  readonly document: unknown
  readonly digest: string
}

/** Throws with the file's name and every fault found; with `deploy`, a policy with `example: true` is a fault too. */
export async function readPolicy(file: string, { deploy }: { readonly deploy: boolean }): Promise<BuiltPolicy> {
  if (!existsSync(file)) throw new Error(`There is no policy ${file}`)
  const document = toDocument(file, await readFile(file, 'utf8'))
  const parsed = parsePolicy(document)
  if (!parsed.ok) {
    const faults = parsed.faults.map(({ path, cause, cure }) => `  ${path.join('.') || 'policy'}: ${cause}; ${cure}`)
    throw new Error(`${file} is refused:\n${faults.join('\n')}`)
  }
  if (deploy && parsed.policy.example) {
    throw new Error(`${file} is an example, its keys belong to nobody: write your own policy before you deploy`)
  }
  return { document, digest: parsed.policy.digest }
}

function toDocument(file: string, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new Error(`${file} is not YAML: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
