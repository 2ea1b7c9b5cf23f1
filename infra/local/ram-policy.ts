// RAM policy documents: reads them strictly, and puts the deployment's names into their placeholders.

import { readFileSync } from 'node:fs'
import * as z from '#core/zod.ts'

const oneOrMore = z.pipe(
  z.union([z.string(), z.array(z.string()).check(z.minLength(1))]),
  z.transform((value) => [value].flat()),
)
const action = z.pipe(
  oneOrMore,
  z.array(z.string().check(z.regex(/^(\*|[a-z]+:[A-Za-z*]+)$/, 'not an action like "ecs:StartInstance"'))),
)
const resource = z.pipe(
  oneOrMore,
  z.array(
    z
      .string()
      .check(z.regex(/^(\*|acs:[a-z*]+:[a-z0-9*-]*:[0-9*]*:[A-Za-z0-9_.:/*-]+)$/, 'not a resource like "acs:ecs:…"')),
  ),
)
const tagCondition = z.record(
  z.string().check(z.regex(/^acs:ResourceTag\/.+$/, 'only acs:ResourceTag/<key> can be evaluated here')),
  oneOrMore,
)
const statement = z.strictObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: action,
  Resource: resource,
  // Anything that cannot be evaluated must stop the load: skipping it would allow what the real cloud refuses.
  Condition: z.optional(
    z.strictObject({ StringEquals: z.optional(tagCondition), StringLike: z.optional(tagCondition) }),
  ),
})
const policyDocument = z.strictObject({ Version: z.literal('1'), Statement: z.array(statement) })

export type PolicyDocument = z.output<typeof policyDocument>
export type PolicyStatement = PolicyDocument['Statement'][number]

/** What the placeholders of `infra/ram/*.json` stand for: `${instance}` is the Tablestore instance. */
export interface PolicyValues {
  readonly accountId: string
  readonly region: string
  readonly instance: string
  /** Function names. */
  readonly gate: string
  readonly starter: string
}

/** Throws, naming every problem, on anything that this evaluator does not understand. */
export function parsePolicy(document: unknown): PolicyDocument {
  const result = policyDocument.safeParse(document)
  if (!result.success) throw new Error(`RAM policy: ${z.prettifyError(result.error)}`)
  return result.data
}

/**
 * Replaces `${name}` in the text of a policy file, and parses the result. The syntax is that of Terraform's
 * `templatefile`, so the same file is deployed. Throws on an unknown placeholder, and on a value that could widen the
 * policy (a wildcard, a quote).
 */
export function renderPolicy(text: string, values: PolicyValues): PolicyDocument {
  const known = new Map<string, string>(Object.entries(values))
  const rendered = text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = known.get(name)
    if (value === undefined) throw new Error(`RAM policy: unknown placeholder \${${name}}`)
    if (!/^[A-Za-z0-9_-]+$/.test(value)) throw new Error(`RAM policy: ${name} = "${value}" is not a plain name`)
    return value
  })
  return parsePolicy(JSON.parse(rendered))
}

export type Role = 'gate' | 'starter'

/** The role policies that are deployed: `infra/ram/<role>.json`. */
export function readRolePolicies(values: PolicyValues): Record<Role, PolicyDocument> {
  const read = (role: Role) =>
    renderPolicy(readFileSync(new URL(`../ram/${role}.json`, import.meta.url), 'utf8'), values)
  return { gate: read('gate'), starter: read('starter') }
}
