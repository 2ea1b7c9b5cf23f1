import type { OpenEntry } from '#ports/open-set.ts'
import type { FirstDeps } from './deps.ts'

/** What the starter has to look into now. */
export async function findDue({ open, clock }: Pick<FirstDeps, 'open' | 'clock'>): Promise<readonly OpenEntry[]> {
  const entries = await open.all()
  return entries.filter(({ phase, notBefore }) => phase === 'start' && notBefore <= clock.now())
}
