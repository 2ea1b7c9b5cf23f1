// Reads a policy file as the build does: what the product's own parser refuses is not built.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { digestOf } from '#core/digest.ts'
import { parse } from 'yaml'

export interface BuiltPolicy {
  /** The file's content as JSON data, without the mark of an example. */
  readonly content: Readonly<Record<string, unknown>>
  readonly digest: string
}

/** Throws with the file's name and every fault found; with `deploy`, a policy with `example: true` is a fault too. */
export async function readPolicy(file: string, { deploy }: { readonly deploy: boolean }): Promise<BuiltPolicy> {
  const { example, ...content } = toObject(file, await readText(file))
  if (deploy && example === true) {
    throw new Error(`${file} is an example, its keys belong to nobody: write your own policy before you deploy`)
  }
  await check(file, content)
  return { content, digest: digestOf('startgate-policy/v1', content) }
}

async function readText(file: string): Promise<string> {
  if (!existsSync(file)) throw new Error(`There is no policy ${file}`)
  return await readFile(file, 'utf8')
}

function toObject(file: string, text: string): Record<string, unknown> {
  const content: unknown = toYaml(file, text)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new Error(`${file} must be a mapping`)
  }
  return { ...content }
}

function toYaml(file: string, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new Error(`${file} is not YAML: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

async function check(file: string, content: unknown): Promise<void> {
  const parser = new URL('../../lib/core/policy.ts', import.meta.url)
  if (!existsSync(parser)) return
  const { parsePolicy } = (await import(parser.href)) as { parsePolicy: (content: unknown) => unknown }
  try {
    parsePolicy(content)
  } catch (error) {
    throw new Error(`${file} is refused:\n${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
