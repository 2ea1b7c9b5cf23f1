// Rows in columns, as wide as their cells or, on a terminal, as it has room for.

const GAP = 2
/** A cell that is cut still shows enough to tell one from another. */
const NARROWEST = 8

/** `cuttable`: the columns of which the widest gives way; their cells lose their middle. */
export function layTable(
  rows: readonly (readonly string[])[],
  cuttable: readonly number[],
  room = Number.POSITIVE_INFINITY,
): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const widthOf = (at: number): number => widths[at] ?? 0
  while (widths.reduce((sum, width) => sum + width + GAP, -GAP) > room) {
    const [widest] = cuttable
      .filter((at) => widthOf(at) > NARROWEST)
      .sort((one, other) => widthOf(other) - widthOf(one))
    if (widest === undefined) break
    widths[widest] = widthOf(widest) - 1
  }
  const lay = (row: readonly string[]): string => row.map((cell, at) => fit(cell, widthOf(at))).join(' '.repeat(GAP))
  return rows.map((row) => lay(row).trimEnd())
}

function fit(cell: string, width: number): string {
  if (cell.length <= width) return cell.padEnd(width)
  const end = Math.floor((width - 1) / 2)
  return `${cell.slice(0, width - 1 - end)}…${cell.slice(cell.length - end)}`
}
