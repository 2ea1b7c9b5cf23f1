import { Deviation } from '#infra/demo/deviation.ts'
import type { Ran } from '#infra/demo/startgate-command.ts'

/** Lines of a command's output that begin with one of these words. */
export function only(...words: readonly string[]): (line: string) => boolean {
  return (line) => words.some((word) => line.trimStart().startsWith(word))
}

/** The id of the request that a command speaks of. */
export function idIn({ lines }: Ran): string {
  const id = /req_[0-9a-f]{32}/.exec(lines.join('\n'))?.[0]
  if (id === undefined) throw new Deviation('the command names no request')
  return id
}
