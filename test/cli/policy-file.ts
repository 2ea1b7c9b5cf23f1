// Policies as files of their own, and times counted from the day of the tests.
import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import { DAY } from '#core/durations.ts'
import { NOW } from '#support/samples.ts'
import type { Terminal } from './terminal.ts'

/** Returns where it is. */
export async function writePolicy(terminal: Terminal, name: string, document: unknown): Promise<string> {
  const file = terminal.file(name)
  await writeFile(file, stringify(document, { aliasDuplicateObjects: false }))
  return file
}

/** As a policy writes a time. */
export function inDays(days: number): string {
  return new Date(NOW + days * DAY).toISOString()
}
