// The one reader of policy files: the text of a YAML file in, a policy out, or everything that is wrong with it.
import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml'
import { parsePolicy, type Policy } from '#core/policy.ts'
import { checkText } from './check-text.ts'
import { checkYaml } from './check-yaml.ts'
import { toFileFaults, type FileFault, type Flaw } from './flaw.ts'

export type PolicyFile =
  | {
      readonly ok: true
      readonly policy: Policy
      /** As it was written, as JSON data: the digest is taken over this. */
      readonly document: unknown
    }
  /** In the order of the file. */
  | { readonly ok: false; readonly faults: readonly FileFault[] }

/** Nobody reads more of them at once, and finding the place of each takes time. */
const MOST_FAULTS = 100

export function readPolicyFile(text: string): PolicyFile {
  const refuse = (flaws: readonly Flaw[]): PolicyFile => ({ ok: false, faults: toFileFaults(text, flaws) })
  const unsafe = checkText(text)
  if (unsafe.length > 0) return refuse(unsafe)
  const yaml = parseDocument(text, { stringKeys: true, uniqueKeys: false, prettyErrors: false })
  const misleading = checkYaml(text, yaml)
  if (misleading.length > 0) return refuse(misleading)
  const document: unknown = yaml.toJS()
  const parsed = parsePolicy(document)
  if (parsed.ok) return { ok: true, policy: parsed.policy, document }
  const told = parsed.faults.slice(0, MOST_FAULTS)
  return refuse(told.map((fault) => ({ ...fault, offset: locate(yaml.contents, fault.path) })))
}

/** Where the name of the member stands; for one that is not there, where that begins which should have it. */
function locate(root: Node | null, path: readonly string[]): number {
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const name of path) {
    const next = step(node, name)
    if (next === undefined) return offset
    offset = next.at?.range?.[0] ?? offset
    node = next.value
  }
  return offset
}

/** Of a name that is written twice, the last one counts. */
function step(node: unknown, name: string): { readonly at: Node | undefined; readonly value: unknown } | undefined {
  if (isMap<Node, Node>(node)) {
    const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === name)
    return pair && { at: pair.key, value: pair.value }
  }
  if (!isSeq<Node>(node)) return undefined
  const item = node.items[Number(name)]
  return item && { at: item, value: item }
}
