// An instance's states over time. Nothing ticks: a change writes down what will follow when, and a look reads it.

import type { InstanceDefinition, InstanceStatus, StoppedMode } from './instance-definition.ts'

export interface Phase {
  /** Epoch milliseconds from which the phase holds. */
  readonly at: number
  readonly status: InstanceStatus
  /** `Not-applicable` while it is not stopped. */
  readonly stoppedMode: StoppedMode | 'Not-applicable'
  /** Epoch milliseconds of the last start. */
  readonly startedAt?: number | undefined
}

/** Phases in the order of time; the last ones may lie in the future. */
export type Timeline = readonly Phase[]

type Durations = Pick<InstanceDefinition, 'pendingMs' | 'startingMs' | 'stoppingMs' | 'boot'>

const PHASES_KEPT = 200

/** The phase at a moment; before the first one, the first. */
export function phaseAt(timeline: Timeline, at: number): Phase {
  const phase = timeline.findLast((candidate) => candidate.at <= at) ?? timeline[0]
  if (phase === undefined) throw new Error('a timeline has at least one phase')
  return phase
}

/**
 * Enters a status now and forgets what was to follow; then comes what this status leads to:
 * Pending → Stopped, Starting → Running (or what `boot` says), Stopping → Stopped.
 */
export function enter(
  timeline: Timeline,
  status: InstanceStatus,
  options: { readonly now: number; readonly stoppedMode: StoppedMode; readonly durations: Durations },
): Timeline {
  const { now, stoppedMode, durations } = options
  const before = timeline.filter((phase) => phase.at < now).slice(-PHASES_KEPT)
  const startedAt = status === 'Starting' || status === 'Running' ? now : before.at(-1)?.startedAt
  const phase = (at: number, entered: InstanceStatus): Phase => ({
    at,
    status: entered,
    stoppedMode: entered === 'Stopped' ? stoppedMode : 'Not-applicable',
    startedAt,
  })
  return [...before, phase(now, status), ...successors(status, now, durations).map(([at, next]) => phase(at, next))]
}

function successors(status: InstanceStatus, now: number, durations: Durations): [number, InstanceStatus][] {
  switch (status) {
    case 'Pending':
      return [[now + durations.pendingMs, 'Stopped']]
    case 'Starting':
      if (durations.boot === 'hangs') return []
      return [[now + durations.startingMs, durations.boot === 'runs' ? 'Running' : 'Stopped']]
    case 'Stopping':
      return [[now + durations.stoppingMs, 'Stopped']]
    case 'Running':
    case 'Stopped':
      return []
  }
}
