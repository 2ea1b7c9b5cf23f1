import { DEPLOYED_STREAM } from '#core/deployed.ts'
import { createRow } from '#core/row.ts'
import type { FirstDeps } from './deps.ts'

/** Leaves a note of which build and policy this starter runs, so that the gate notices when the two differ. */
export async function noteDeployed(deps: FirstDeps): Promise<void> {
  const at = deps.clock.now()
  const body = { build: deps.build, policy: deps.policy.digest }
  const content = {
    book: 'runs',
    stream: DEPLOYED_STREAM,
    id: deps.random.id(),
    type: 'deployed',
    at,
    actor: { function: 'starter' },
    body,
  } as const
  // Numbered by time, outside any chain: losing it to another instance of the same millisecond is fine.
  await deps.runs.put(createRow(content, { n: at - 1, hash: '' }))
}
