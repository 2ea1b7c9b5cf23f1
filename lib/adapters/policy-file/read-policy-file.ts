// The one reader of policy files: the text of a YAML file in, a policy out, or everything that is wrong with it.
import { isMap, isSeq, parseDocument, type Node, type Pair, type YAMLMap } from 'yaml'
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
  const locate = createLocator(yaml.contents)
  return refuse(parsed.faults.map((fault) => ({ ...fault, offset: locate(fault.path) })))
}

/** Where the name of a member stands; for one that is not there, where that begins which should have it. */
function createLocator(root: Node | null): (path: readonly string[]) => number {
  const step = createStep()
  return (path) => {
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
}

type Step = (node: unknown, name: string) => { readonly at: Node | undefined; readonly value: unknown } | undefined

/** Looks through each mapping once: both its names and its faults may be many. */
function createStep(): Step {
  const known = new Map<YAMLMap, ReadonlyMap<string, Pair<Node, Node>>>()
  return (node, name) => {
    if (isMap<Node, Node>(node)) {
      const members = known.get(node) ?? new Map(node.items.map((pair) => [String(pair.key), pair]))
      known.set(node, members)
      const pair = members.get(name)
      return pair && { at: pair.key, value: pair.value }
    }
    if (!isSeq<Node>(node)) return undefined
    const item = node.items[Number(name)]
    return item && { at: item, value: item }
  }
}
