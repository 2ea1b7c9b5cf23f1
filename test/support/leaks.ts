// What a deployment wrote down, searched for every secret that it had: nothing may print one, keep one, or call the cloud
// by one.
import { parseJson } from '#core/json.ts'
import type { FunctionCompute } from '#infra/local/fc/function-compute.ts'
import type { LocalCloud } from '#infra/local/cloud.ts'
import type { Credentials } from '#infra/local/spine.ts'

export interface SecretLog {
  /** `what`: for whoever reads that it leaked. */
  add(what: string, ...secrets: readonly (string | undefined)[]): void
  /** May stand in the record, which is made of it, and nowhere else. */
  addEvidence(evidence: object): void
  /** The credentials of every invocation. */
  watch(credentials: Credentials): Credentials
  /** Sentences: what leaked, and where. */
  findLeaks(cloud: LocalCloud<FunctionCompute>): readonly string[]
}

/** Shorter ones are found in anything. */
const SHORTEST = 16
/** A table that a test has seeded holds nothing that the functions wrote, and more than is searched in a moment. */
const MOST_ROWS = 20_000

export function createSecretLog(): SecretLog {
  const secrets = new Map<string, string>()
  const evidence = new Map<string, string>()
  const add: SecretLog['add'] = (what, ...values) => {
    for (const value of values) if (value !== undefined && value.length >= SHORTEST) secrets.set(value, what)
  }
  return {
    add,
    addEvidence(given) {
      const { kind, ...rest } = given as { readonly kind?: unknown }
      // The statement beside a signature is no secret: what counts of the evidence is what was made with a key.
      for (const [name, value] of Object.entries(rest)) {
        if (name !== 'statement' && typeof value === 'string' && value.length >= SHORTEST)
          evidence.set(value, `evidence of the kind ${String(kind)}`)
      }
    },
    watch(credentials) {
      const { accessKeyId, accessKeySecret, securityToken } = credentials
      add('a credential of a role', accessKeySecret, securityToken)
      add('the key id of a role', accessKeyId)
      return credentials
    },
    findLeaks({ tablestore, spine, functions }) {
      const logs = ['gate', 'starter'].map((fn) => ({
        where: `the log of the ${fn}`,
        text: (functions?.logs(fn) ?? []).map(({ text }) => text).join(''),
      }))
      const operations = { where: 'the list of cloud calls', text: JSON.stringify(spine.operations.since()) }
      const tables = tablestore
        .tables()
        .filter((table) => tablestore.count(table) <= MOST_ROWS)
        .map((table) => ({ where: `the table ${table}`, text: toText(tablestore.rows(table)) }))
      return [
        ...[...logs, operations, ...tables].flatMap((place) => search(place, secrets)),
        ...[...logs, operations].flatMap((place) => search(place, evidence)),
      ]
    },
  }
}

interface Place {
  readonly where: string
  readonly text: string
}

/** Passes over the text once, however many secrets there are: each invocation had credentials of its own. */
function search({ where, text }: Place, secrets: ReadonlyMap<string, string>): readonly string[] {
  const byBeginning = new Map<number, string[]>()
  for (const secret of secrets.keys()) {
    const same = byBeginning.get(beginningAt(secret, 0))
    if (same === undefined) byBeginning.set(beginningAt(secret, 0), [secret])
    else same.push(secret)
  }
  const found = new Map<string, number>()
  for (let at = 0; at < text.length; at += 1) {
    for (const secret of byBeginning.get(beginningAt(text, at)) ?? [])
      if (text.startsWith(secret, at) && !found.has(secret)) found.set(secret, at)
  }
  return [...found].map(
    ([secret, at]) => `${secrets.get(secret)} stands in ${where}: …${text.slice(Math.max(0, at - 200), at)}`,
  )
}

/** Four characters as one number, which is looked up faster than they are. */
function beginningAt(text: string, at: number): number {
  const two = (from: number): number => text.charCodeAt(from) * 131 + text.charCodeAt(from + 1)
  return two(at) * 65_536 + two(at + 2)
}

/** Integers of Tablestore are larger than those of JSON. */
function toText(rows: readonly object[]): string {
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

/** Lines of the product that cannot be found by the call that they belong to, or by the request that they are about. */
export function findNameless(functions: FunctionCompute): readonly string[] {
  const lines = ['gate', 'starter'].flatMap((fn) => functions.logs(fn).flatMap(({ text }) => text.split('\n')))
  return lines.filter((line) => {
    // Of a process that was killed the last one may be cut off.
    const facts = line.startsWith('{"at":') ? parseJson(line) : undefined
    if (facts === undefined) return false
    const { call, event, request } = facts as Readonly<Record<string, unknown>>
    return typeof call !== 'string' || (ABOUT_A_REQUEST.test(String(event)) && typeof request !== 'string')
  })
}

const ABOUT_A_REQUEST = /^(ask|run|told|telling|approval|hint|starter\.idle|open|request)(\.|$)/
