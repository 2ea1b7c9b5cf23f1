import * as z from '#core/zod.ts'
import { Deviation, expect } from '#infra/demo/deviation.ts'
import { nameOf } from '#infra/demo/fleet.ts'
import { follow } from '#infra/demo/follow.ts'
import type { Stage } from '#infra/demo/stage.ts'
import type { Ran } from '#infra/demo/startgate-command.ts'

/** Lines of a command's output that begin with one of these words. */
export function only(...words: readonly string[]): (line: string) => boolean {
  return (line) => words.some((word) => line.trimStart().startsWith(word))
}

/** The id of the request that a command, or a card, speaks of. */
export function idIn({ lines }: Pick<Ran, 'lines'>): string {
  const id = /req_[0-9a-f]{32}/.exec(lines.join('\n'))?.[0]
  if (id === undefined) throw new Deviation('nothing here names a request')
  return id
}

const approvalSchema = z.object({ evidence: z.object({ kind: z.string() }) })

interface Approved {
  readonly id: string
  readonly instanceId: string
  /** Of the signature that it rests on. */
  readonly kind: string
}

/** Follows a request to its end: the instance runs, on this one approval. */
export async function expectStarted(
  { gate, narrator, room, cloud }: Stage,
  { id, instanceId, kind }: Approved,
): Promise<void> {
  const { state } = await follow(gate, narrator, id)
  const name = nameOf(instanceId)
  expect(state === 'running', `${name} is ${state}`)
  expect(cloud.ecs.instances.starts(instanceId).length === 1, `${name} was not started exactly once`)
  const approvals = (await gate.receipt(id)).asks.filter(({ type }) => type === 'approved')
  const kinds = approvals.map(({ body }) => approvalSchema.parse(body).evidence.kind)
  expect(kinds.join() === kind, `the approval is of the kind ${kinds.join()}`)
  await narrator.during(
    'the team is told',
    room.heard((news) => news.id === id && news.state === state),
  )
}
