// One request, and texts about it that are posted in some order: what it came to.
import * as fc from 'fast-check'
import { isRefused } from '#core/refusal.ts'
import { approve, deny } from '#flow/decide.ts'
import { start } from '#flow/start.ts'
import { plantFault, type Planted } from './planted-faults.ts'
import { PLAYED, TAGS } from './played-rules.ts'
import { anyText, makeText, type Text } from './texts.ts'
import { createWorld, INSTANCE } from './world.ts'

export const anyTexts: fc.Arbitrary<readonly Text[]> = fc.array(anyText, { minLength: 1, maxLength: 6 })

export interface Posted {
  readonly state: string
  /** Of StartInstance. */
  readonly calls: number
  /** Whether anybody was answered that it is stopped. */
  readonly stopped: boolean
}

export interface PostingOptions {
  /** Default: one whose rule has no groups. */
  readonly instanceId?: string
  /** Whether the starter looks after each text, or only after all of them. */
  readonly looks?: boolean
  readonly planted?: Planted
}

/** Asked by a machine with nobody behind it, so that two must approve. No time passes but what a start takes. */
export async function postAll(
  texts: readonly Text[],
  { instanceId = INSTANCE, looks = false, planted }: PostingOptions = {},
): Promise<Posted> {
  const world = createWorld({ policy: PLAYED })
  for (const [id, team] of Object.entries(TAGS)) world.instances.add({ instanceId: id, tags: { team } })
  const { gate, starter } = plantFault(world, planted)
  const machine = { principal: 'deploy-bot', via: 'webhook' } as const
  const { proposal } = await world.ask({ instanceId }, machine)
  const { proposal: other } = await world.ask(
    { instanceId, reason: 'Another report is due' },
    { ...machine, key: 'key-2' },
  )
  const { id, createdAt } = proposal.request
  let stopped = false
  for (const text of texts) {
    const evidence = makeText(text, text.over === 0 ? proposal : other, createdAt)
    const answer = await (text.decision === 'approve' ? approve : deny)(gate, id, evidence)
    if (!isRefused(answer) && 'outcome' in answer && answer.outcome === 'stopped') stopped = true
    if (looks) await start(starter, id)
  }
  await start(starter, id)
  const { standing } = await world.load(id)
  const calls = world.calls.list.filter(({ operation }) => operation === 'StartInstance').length
  return { state: standing.state, calls, stopped }
}
