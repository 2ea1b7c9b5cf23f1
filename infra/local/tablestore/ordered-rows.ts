// Rows in key order, in blocks of bounded length: finding, adding and removing one costs O(log n) and one short splice,
// whatever order the keys come in.

/** `key` is an order-preserving encoding: rows sort as their keys' bytes do. */
export interface Keyed {
  readonly key: Buffer
}

export interface OrderedRows<R extends Keyed> {
  size(): number
  find(key: Buffer): R | undefined
  /** Adds the row, in the place of the one with the same key if there is one. */
  put(row: R): void
  remove(key: Buffer): void
  /** Rows at and after `key`; with `backward`, at and before it, downwards. */
  from(key: Buffer, backward: boolean): Generator<R, void>
}

const MAX_BLOCK = 1024

export function createOrderedRows<R extends Keyed>(): OrderedRows<R> {
  // Never holds an empty block.
  const blocks: R[][] = []
  let count = 0

  return {
    size: () => count,
    find(key) {
      const { block, index } = locate(blocks, key)
      const row = blocks[block]?.[index]
      return row?.key.equals(key) ? row : undefined
    },
    put(row) {
      const { block, index } = locate(blocks, row.key)
      const rows = blocks[block]
      if (rows === undefined) {
        appendRow(blocks, row)
        count += 1
        return
      }
      const replaced = rows[index]?.key.equals(row.key) === true
      rows.splice(index, replaced ? 1 : 0, row)
      if (!replaced) count += 1
      if (rows.length > MAX_BLOCK) blocks.splice(block, 1, rows.slice(0, MAX_BLOCK / 2), rows.slice(MAX_BLOCK / 2))
    },
    remove(key) {
      const { block, index } = locate(blocks, key)
      const rows = blocks[block]
      if (rows?.[index]?.key.equals(key) !== true) return
      rows.splice(index, 1)
      count -= 1
      if (rows.length === 0) blocks.splice(block, 1)
    },
    from: (key, backward) => (backward ? downFrom(blocks, key) : upFrom(blocks, key)),
  }
}

interface Place {
  readonly block: number
  readonly index: number
}

/** Where the first row at or after `key` is, or past the last block. */
function locate<R extends Keyed>(blocks: readonly (readonly R[])[], key: Buffer): Place {
  const block = firstAt(blocks, (rows) => isBefore(rows.at(-1), key))
  return { block, index: firstAt(blocks[block] ?? [], (row) => isBefore(row, key)) }
}

/** The index of the first element that is not `before`; those that are come first. */
function firstAt<T>(elements: readonly T[], before: (element: T) => boolean): number {
  let low = 0
  let high = elements.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const element = elements[middle]
    if (element !== undefined && before(element)) low = middle + 1
    else high = middle
  }
  return low
}

function isBefore(row: Keyed | undefined, key: Buffer): boolean {
  return row !== undefined && Buffer.compare(row.key, key) < 0
}

function appendRow<R>(blocks: R[][], row: R): void {
  const last = blocks.at(-1)
  if (last === undefined || last.length >= MAX_BLOCK) blocks.push([row])
  else last.push(row)
}

function* upFrom<R extends Keyed>(blocks: readonly (readonly R[])[], key: Buffer): Generator<R, void> {
  const start = locate(blocks, key)
  for (let block = start.block; block < blocks.length; block += 1) {
    yield* blocks[block]?.slice(block === start.block ? start.index : 0) ?? []
  }
}

function* downFrom<R extends Keyed>(blocks: readonly (readonly R[])[], key: Buffer): Generator<R, void> {
  const start = locate(blocks, key)
  const exact = blocks[start.block]?.[start.index]?.key.equals(key) === true
  for (let block = Math.min(start.block, blocks.length - 1); block >= 0; block -= 1) {
    const end = block === start.block ? start.index + (exact ? 1 : 0) : undefined
    yield* blocks[block]?.slice(0, end).reverse() ?? []
  }
}
