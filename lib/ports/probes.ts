// How a function finds out what its role may do, without doing it.
import type { Act } from '#core/doctor/grants.ts'
import type { Described, FunctionRole, Tried } from '#core/doctor/report.ts'

export interface TableProbes {
  /**
   * Tries the act in a way that changes nothing: what must be possible meets a condition that is not met, what must not be
   * is tried where a row is already. Only where there is none, a put that the role should not be able to do, and is, leaves
   * a row at the key (`doctor`, 0), which nobody reads. Never throws.
   */
  try(act: Act): Promise<Tried>
  /** Never throws. */
  describe(table: string): Promise<Described>
}

export interface StartProbe {
  /** StartInstance as a dry run, always: ECS checks the permission and starts nothing. `done`: it would have. Never throws. */
  try(target: { readonly regionId: string; readonly instanceId: string }): Promise<Tried>
}

export interface InvokeProbe {
  /** Sends an event that does nothing, as hints are sent. `done`: the platform took it. Never throws. */
  try(to: FunctionRole): Promise<Tried>
}

export interface LookProbe {
  /** Which of the instances are visible. Never throws; a role that may not look is shown none, or refused. */
  try(
    regionId: string,
    instanceIds: readonly string[],
  ): Promise<{ readonly tried: Tried; readonly visible: readonly string[] }>
}
