// The files of infra/terraform, parsed. Blocks come as lists, and expressions as text: `${var.name}`.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import * as z from '#core/zod.ts'

export const FOLDER = new URL('../../../infra/terraform', import.meta.url).pathname

const block = z.record(z.string(), z.unknown())
/** Blocks by their label. Each label is there once. */
const blocks = z.record(
  z.string(),
  z.pipe(
    z.tuple([block]),
    z.transform(([only]) => only),
  ),
)
/** By type, then by name. */
const typedBlocks = z.record(z.string(), blocks)

const fileSchema = z.strictObject({
  terraform: z._default(z.array(block), []),
  provider: z._default(z.record(z.string(), z.array(block)), {}),
  variable: z._default(blocks, {}),
  locals: z._default(z.array(block), []),
  data: z._default(typedBlocks, {}),
  resource: z._default(typedBlocks, {}),
  check: z._default(blocks, {}),
  output: z._default(blocks, {}),
})

export type TerraformFile = z.output<typeof fileSchema>
export type Block = z.output<typeof block>

/** Throws with line and cause where the text is not HCL. */
export async function parseHcl(text: string): Promise<TerraformFile> {
  return fileSchema.parse(await hcl.parse('infra/terraform', text))
}

/** All files as one: Terraform does not care either where a block stands. */
export function readText(): string {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.tf'))
  return names.map((name) => readFileSync(join(FOLDER, name), 'utf8')).join('\n')
}

/** What is named in a file, as other places refer to it: `var.name`, `local.name`, `data.type.name`, `type.name`. */
export function declaredIn({ variable, locals, data, resource }: TerraformFile): readonly string[] {
  const named = (prefix: string, types: TerraformFile['data']) =>
    Object.entries(types).flatMap(([type, names]) => Object.keys(names).map((name) => `${prefix}${type}.${name}`))
  return [
    ...Object.keys(variable).map((name) => `var.${name}`),
    ...locals.flatMap((each) => Object.keys(each).map((name) => `local.${name}`)),
    ...named('data.', data),
    ...named('', resource),
  ]
}

/** What the expressions of a file refer to. */
export function referredIn(file: TerraformFile): ReadonlySet<string> {
  const text = textsIn(file).join('\n')
  const found = text.matchAll(/(?<![\w.])(?:(?:var|local)\.\w+|(?:data\.)?alicloud_\w+\.\w+)/g)
  return new Set([...found].map(([reference]) => reference))
}

/** Every text, at any depth. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** Every name of an attribute or block, at any depth. */
export function keysIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.values(value).flatMap(keysIn)
  return Array.isArray(value) ? inside : [...Object.keys(value), ...inside]
}

interface Hcl {
  parse(name: string, text: string): Promise<unknown>
}

// Its types would bring those of browsers into every file.
const require = createRequire(import.meta.url)
const hcl: Hcl = require('@cdktf/hcl2json')
