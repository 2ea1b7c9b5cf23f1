// Keys of whoever runs the demo. Only their public halves come here: a policy holds nothing else.
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { findPointFlaw } from '#core/curve-point.ts'
import { passkeySchema } from '#core/key-form.ts'
import { toPolicyFaults } from '#core/policy-faults.ts'
import { parseSshLine } from '#core/ssh-key.ts'
import * as z from '#core/zod.ts'
import type { PolicyKey } from './policy.ts'

/** `problem`: a sentence for the visitor. */
export type ReadKey = { readonly key: PolicyKey } | { readonly problem: string }

const policyKeySchema = z.record(z.string(), z.string())

/** `file`: the `.pub` file of an SSH key. */
export async function readSshKey(file: string): Promise<ReadKey> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { problem: isAbsent ? `There is no file ${file}.` : `${file} cannot be read.` }
  }
  if (text.includes('PRIVATE KEY'))
    return { problem: `${file} is a private key, which nobody else should see. Give the .pub file beside it.` }
  const ssh = text.trim()
  const parsed = parseSshLine(ssh)
  return 'problem' in parsed
    ? { problem: `${file} holds no key that can approve: ${parsed.problem}.` }
    : { key: { ssh } }
}

/** `line`: as the page /enrol prints it for the policy. */
export function readPasskey(line: string): ReadKey {
  const key = policyKeySchema.safeParse(toData(line.trim().replace(/^- */, '')))
  if (!key.success || !('passkey' in key.data))
    return { problem: 'This is not the line that /enrol prints: it begins with { passkey: and ends with }.' }
  const flaws = findFlaws(key.data)
  if (flaws.length === 0) return { key: key.data }
  return { problem: `This is no whole passkey: ${flaws.join('; ')}. Copy the whole line once more.` }
}

function findFlaws(key: PolicyKey): readonly string[] {
  const parsed = passkeySchema.safeParse(key)
  if (!parsed.success)
    return toPolicyFaults(parsed.error.issues, passkeySchema, key).map(({ path, cause }) => [...path, cause].join(': '))
  return findPointFlaw(parsed.data.jwk) === undefined ? [] : ['nobody could sign for this public key']
}

function toData(yaml: string): unknown {
  try {
    return parse(yaml)
  } catch {
    return undefined
  }
}
