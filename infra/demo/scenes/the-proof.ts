import { readFile, writeFile } from 'node:fs/promises'
import { expect } from '#infra/demo/deviation.ts'
import type { Stage } from '#infra/demo/stage.ts'
import { only } from './gist.ts'

const MISMATCH = 4

/** `id`: a request that has ended. */
export async function theProof({ narrator, startgate, folder }: Stage, id: string): Promise<void> {
  narrator.scene('Who allowed what, and the proof')
  narrator.say('Every request keeps its story:')
  const shown = await startgate('mei', ['show', id], only('running', '20'))
  expect(shown.exit === 0, 'the request cannot be shown')

  narrator.say(
    'Its receipt can be judged by anybody, offline and without trust in the service. It takes a copy of the policy,',
    'and one entry of the record that somebody kept.',
  )
  const fetched = await startgate('mei', ['receipt', id, '--out', 'receipt.json'], () => false)
  expect(fetched.exit === 0, 'the receipt could not be fetched')
  const judge = ['--policy', 'policy.yaml', '--head', headIn(shown.lines)]
  const verified = await startgate('mei', ['verify', 'receipt.json', ...judge])
  expect(verified.exit === 0, 'the receipt was not verified')

  narrator.say('The same receipt, with one word of it changed afterwards:')
  const honest = await readFile(`${folder}/receipt.json`, 'utf8')
  await writeFile(`${folder}/forged.json`, honest.replaceAll('auditors', 'visitors'))
  const judged = await startgate('mei', ['verify', 'forged.json', ...judge], only('WRONG', 'NOT VERIFIED'))
  expect(judged.exit === MISMATCH, 'a forged receipt was verified')
}

/** Whoever has looked at a request can keep such an entry: from then on nobody takes it out of the record unseen. */
function headIn(lines: readonly string[]): string {
  return /asks:\d+:[0-9a-f]{64}/.exec(lines.join('\n'))?.[0] ?? ''
}
