// What the log of the local ECS and the people know about starts, without the record.
import type { Operation } from '#infra/local/spine.ts'
import type { Played } from './people.ts'

/** What ECS saw of one instance. */
export interface Found {
  /** StartInstance calls in the order of arrival, carried out or not. */
  readonly calls: readonly Pick<Operation, 'at' | 'code'>[]
  /** Those that had an effect. */
  readonly starts: readonly { readonly at: number }[]
}

export interface StartFault {
  readonly what: 'twice' | 'unapproved' | 'contradiction'
  readonly detail: string
}

/** ECS says with it that nothing was done, so another call may follow; any other answer, or none, may hide a start. */
const PROVEN_REFUSAL = 'Throttling'

export function findStartFaults(
  { arrival, yeses, stopped }: Pick<Played, 'arrival' | 'yeses' | 'stopped'>,
  { calls, starts }: Found,
): readonly StartFault[] {
  const faults: StartFault[] = []
  const first = calls[0]
  const decisive = calls.findIndex(({ code }) => code !== PROVEN_REFUSAL)
  if (decisive >= 0 && decisive < calls.length - 1)
    faults.push({ what: 'twice', detail: `call ${decisive + 1} of ${calls.length} may have started it already` })
  if (starts.length > 1) faults.push({ what: 'twice', detail: `it was started ${starts.length} times` })
  const needed = arrival.entrance === 'webhook' && !arrival.forSomebody ? 2 : 1
  const said = [...yeses.values()].filter((at) => first !== undefined && at <= first.at).length
  if (first !== undefined && said < needed)
    faults.push({ what: 'unapproved', detail: `StartInstance was called after ${said} of ${needed} approvals` })
  if (stopped && starts.length > 0)
    faults.push({ what: 'contradiction', detail: 'somebody was told that it is stopped, and it was started' })
  return faults
}
