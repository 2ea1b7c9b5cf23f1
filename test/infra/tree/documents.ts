// What the documents at the top of the repository refer to.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from './lint.ts'

export const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'RUNBOOK.md', 'SECURITY.md'].filter(
  (name) => existsSync(join(ROOT, name)),
)

const FOLDERS = ['functions', 'lib', 'infra', 'test', '.ci']

export function readDocument(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8')
}

/** Paths in backticks. `<name>` and `*` stand for anything within one folder, `**` for any folders. */
export function findPaths(text: string): readonly string[] {
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, inside = '']) => inside)
  return quoted.filter((each) => new RegExp(String.raw`^(?:${FOLDERS.join('|')})/[\w./*<>-]*$`).test(each))
}

/** Every file and folder below those that belong to the repository. */
export function listTree(): readonly string[] {
  return FOLDERS.filter((name) => existsSync(join(ROOT, name))).flatMap((name) => [
    `${name}/`,
    ...readdirSync(join(ROOT, name), { recursive: true, encoding: 'utf8' }).map((path) => `${name}/${path}`),
  ])
}

export function exists(path: string, tree: readonly string[]): boolean {
  const parts = path.replace(/\/$/, '').split(/(\*\*|\*|<[\w-]+>)/)
  const source = parts.map((part, index) => (index % 2 === 0 ? escape(part) : part === '**' ? '.*' : '[^/]*')).join('')
  const pattern = new RegExp(`^${source}/?$`)
  return tree.some((each) => pattern.test(each))
}

export function findScripts(text: string): readonly string[] {
  return [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name)
}

/** Targets of links that lead to another place in this repository. */
export function findLinks(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z][a-z+.-]*:/.test(target))
}

export function resolves(document: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? document : join(dirname(document), path)
  if (!existsSync(join(ROOT, file))) return false
  return anchor === undefined || findAnchors(readDocument(file)).includes(anchor)
}

export function findAnchors(text: string): readonly string[] {
  return [...text.matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function escape(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
}
