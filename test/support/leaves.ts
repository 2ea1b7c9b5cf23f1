// Every value that a document holds, changed one at a time: what covers the whole document must notice each.

export interface Changed {
  readonly path: string
  readonly value: unknown
}

export function changeEachLeaf(document: unknown): readonly Changed[] {
  if (typeof document !== 'object' || document === null) return [{ path: '', value: changeLeaf(document) }]
  return Object.entries(document).flatMap(([name, member]) =>
    changeEachLeaf(member).map(({ path, value }) => ({
      path: path === '' ? name : `${name}.${path}`,
      value: Array.isArray(document) ? document.with(Number(name), value) : { ...document, [name]: value },
    })),
  )
}

function changeLeaf(value: unknown): unknown {
  switch (typeof value) {
    case 'boolean':
      return !value
    case 'number':
      return value + 1
    case 'string':
      return `${value}-`
    default:
      return 'there'
  }
}
