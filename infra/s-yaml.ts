// Reads s.yaml as the deploy tool does, as far as it goes without an account: the local cloud takes functions and
// timers from it, and the tests prove it.

import { parse } from 'yaml'
import type * as z from '#core/zod.ts'
import { type ServiceFile, serviceSchema } from './s-yaml-schema.ts'

/** Fills in `${vars.…}` and checks. Throws one error that names the path of everything that is wrong. */
export function parseServiceFile(text: string): ServiceFile {
  const document: unknown = parse(text)
  const vars = toVars(document)
  const rendered = render(document, (reference) => {
    const name = /^vars\.(\w+)$/.exec(reference)?.[1]
    return name === undefined ? undefined : vars[name]
  })
  const parsed = serviceSchema.safeParse(rendered)
  if (!parsed.success) throw new Error(`s.yaml is refused:\n${parsed.error.issues.flatMap(toLines).join('\n')}`)
  return parsed.data
}

/**
 * Fills in `${env('NAME')}` in one value, or in all of a structure. Throws with the name of a variable that is not set,
 * as the deploy tool does.
 */
export function renderEnvironment<T>(value: T, environment: Readonly<Record<string, string | undefined>>): T {
  return render(value, (reference) => {
    const name = /^env\('(\w+)'\)$/.exec(reference)?.[1]
    if (name !== undefined && environment[name] === undefined) throw new Error(`env('${name}') not found`)
    return name === undefined ? undefined : environment[name]
  }) as T
}

/** Replaces every `${…}` in every text by what `resolve` says; what it does not know stays. */
function render(value: unknown, resolve: (reference: string) => string | undefined): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([^}]*)\}/g, (whole, reference: string) => resolve(reference.trim()) ?? whole)
  }
  if (Array.isArray(value)) return value.map((each) => render(each, resolve))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, render(each, resolve)]))
}

function toVars(document: unknown): Readonly<Record<string, string>> {
  const vars = typeof document === 'object' && document !== null && 'vars' in document ? document.vars : {}
  const entries = typeof vars === 'object' && vars !== null ? Object.entries(vars) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function toLines({ path, message, ...issue }: z.core.$ZodIssue): string[] {
  const at = path.join('.')
  if (issue.code !== 'unrecognized_keys') return [`  ${at}: ${message}`]
  return issue.keys.map((key) => `  ${[...path, key].join('.')}: unknown key`)
}
