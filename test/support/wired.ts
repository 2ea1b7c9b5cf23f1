import type { Gate } from '#adapters/fc/open.ts'
import type { GateDeps } from '#flow/deps.ts'

/** A gate that is there already, but for its app. */
export function wired(deps: GateDeps): Pick<Gate, 'log' | 'deps'> {
  return { log: deps.log, deps: async () => deps }
}
