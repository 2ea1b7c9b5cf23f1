// What the build made, as a table for people.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface BuiltFile {
  /** Relative to the output directory. */
  readonly file: string
  readonly bytes: number
}

/** The named files, and all files below the named directories, in alphabetical order. */
export async function listFiles(directory: string, names: readonly string[]): Promise<BuiltFile[]> {
  const nested = await Promise.all(names.map(async (name) => await list(directory, name)))
  return nested.flat().toSorted((a, b) => (a.file < b.file ? -1 : 1))
}

async function list(directory: string, name: string): Promise<BuiltFile[]> {
  const at = await stat(join(directory, name))
  if (!at.isDirectory()) return [{ file: name, bytes: at.size }]
  const entries = await readdir(join(directory, name))
  return await listFiles(
    directory,
    entries.map((entry) => `${name}/${entry}`),
  )
}

/** Files below 1 KiB are summed up in the last line. */
export function toTable(files: readonly BuiltFile[]): string {
  const shown = files.filter(({ bytes }) => bytes >= 1024)
  const rest = files.filter(({ bytes }) => bytes < 1024)
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const rows = [
    ...shown.map(({ file, bytes }) => [file, bytes] as const),
    [`${rest.length} smaller files`, rest.reduce((sum, { bytes }) => sum + bytes, 0)] as const,
    ['total', total] as const,
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, bytes]) => `${name.padEnd(width)}  ${(bytes / 1024).toFixed(1).padStart(8)} KiB`).join('\n')
}
