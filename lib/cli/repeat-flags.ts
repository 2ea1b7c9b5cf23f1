// Lines to copy: what was given as a flag has to be given again.
import type { Settings } from './settings.ts'

/** Like ` --url https://gate.example.com --name bob`, of those of `names` that were given. */
export function repeatFlags(flags: Settings, names: readonly ('url' | 'name' | 'audience')[]): string {
  return names
    .map((name) => ({ name, value: flags[name] }))
    .map(({ name, value }) => (value === undefined ? '' : ` --${name} ${quote(value)}`))
    .join('')
}

/** As a shell reads it as one word. */
export function quote(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
