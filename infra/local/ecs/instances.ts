// The instances of the local cloud: what they are, what state they are in, and which starts took effect.

import {
  type InstanceChange,
  type InstanceDefinition,
  type InstanceInput,
  type StartError,
  type StartErrorInput,
  type StoppedMode,
  instanceDefinition,
  startError,
} from './instance-definition.ts'
import { type Phase, type Timeline, enter, phaseAt } from './timeline.ts'

/** A StartInstance that took an instance from Stopped to Starting, whatever its caller was told. */
interface EffectiveStart {
  readonly instanceId: string
  readonly region: string
  /** Epoch milliseconds. */
  readonly at: number
  /** The caller's role, or `operator`. */
  readonly role: string
  readonly requestId: string
  readonly initLocalDisk: boolean
  /** It had local disks, and what was on them is gone. */
  readonly localDisksWiped: boolean
}

export interface LocalInstance {
  readonly definition: InstanceDefinition
  /** As it is. */
  readonly phase: Phase
  /** As DescribeInstances shows it, `describeLagMs` late. */
  readonly described: Phase
  /** Errors that coming starts get, in this order. */
  readonly startErrors: readonly StartError[]
}

/** An instance id that nobody has (`unknown`), or that somebody has (`taken`). A wrong definition is zod's error. */
export class InstanceError extends Error {
  override readonly name = 'InstanceError'
  readonly code: 'unknown' | 'taken'
  constructor(code: 'unknown' | 'taken', id: string) {
    super(code === 'unknown' ? `there is no instance ${id}` : `there is an instance ${id} already`)
    this.code = code
  }
}

export interface InstanceStore {
  /** Throws on a definition that is wrong, or on an id that is taken. */
  add(input: InstanceInput): LocalInstance
  find(id: string): LocalInstance | undefined
  /** Ordered by id. */
  list(region?: string): readonly LocalInstance[]
  /** The functions below throw on an unknown id. */
  change(id: string, change: InstanceChange): LocalInstance
  remove(id: string): void
  planStartError(id: string, error: StartErrorInput): void
  clearStartErrors(id: string): void
  /** Takes the error planned for the next start of the instance, and counts it as used. */
  takeStartError(id: string): StartError | undefined
  start(id: string, by: Pick<EffectiveStart, 'role' | 'requestId' | 'initLocalDisk'>): void
  stop(id: string, stoppedMode: StoppedMode): void
  /** Every effective start there was, oldest first; also of instances removed since. */
  starts(instanceId?: string): readonly EffectiveStart[]
}

interface Entry {
  definition: InstanceDefinition
  stoppedMode: StoppedMode
  timeline: Timeline
  startErrors: StartError[]
}

export function createInstances(now: () => number): InstanceStore {
  const entries = new Map<string, Entry>()
  const starts: EffectiveStart[] = []

  const entryOf = (id: string): Entry => {
    const entry = entries.get(id)
    if (entry === undefined) throw new InstanceError('unknown', id)
    return entry
  }
  const view = ({ definition, timeline, startErrors }: Entry): LocalInstance => ({
    definition,
    phase: phaseAt(timeline, now()),
    described: phaseAt(timeline, now() - definition.describeLagMs),
    startErrors: [...startErrors],
  })
  const go = (entry: Entry, status: InstanceDefinition['status']) => {
    const { stoppedMode, definition } = entry
    entry.timeline = enter(entry.timeline, status, { now: now(), stoppedMode, durations: definition })
  }

  return {
    add(input) {
      const definition = instanceDefinition.parse(input)
      if (entries.has(definition.id)) throw new InstanceError('taken', definition.id)
      const entry = toEntry(definition, now())
      entries.set(definition.id, entry)
      return view(entry)
    },
    find(id) {
      const entry = entries.get(id)
      return entry === undefined ? undefined : view(entry)
    },
    list(region) {
      const all = [...entries.values()].filter(({ definition }) => region === undefined || definition.region === region)
      return all.toSorted((a, b) => (a.definition.id < b.definition.id ? -1 : 1)).map(view)
    },
    change(id, { status, stoppedMode, ...fields }) {
      const entry = entryOf(id)
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
      entry.definition = { ...entry.definition, ...given }
      entry.stoppedMode = stoppedMode ?? entry.stoppedMode
      // A new stopped mode shows at once on an instance that is stopped already.
      const current = phaseAt(entry.timeline, now()).status
      if (status !== undefined) go(entry, status)
      else if (stoppedMode !== undefined && current === 'Stopped') go(entry, 'Stopped')
      return view(entry)
    },
    remove(id) {
      entryOf(id)
      entries.delete(id)
    },
    planStartError: (id, error) => void entryOf(id).startErrors.push(startError.parse(error)),
    clearStartErrors: (id) => void (entryOf(id).startErrors = []),
    takeStartError(id) {
      const { startErrors } = entryOf(id)
      const [first] = startErrors
      if (first === undefined || first.times === null) return first
      if (first.times > 1) startErrors[0] = { ...first, times: first.times - 1 }
      else startErrors.shift()
      return first
    },
    start(id, by) {
      const entry = entryOf(id)
      const { region, localDisks } = entry.definition
      const localDisksWiped = by.initLocalDisk && localDisks !== undefined
      starts.push({ instanceId: id, region, at: now(), ...by, localDisksWiped })
      go(entry, 'Starting')
    },
    stop(id, stoppedMode) {
      const entry = entryOf(id)
      entry.stoppedMode = stoppedMode
      go(entry, 'Stopping')
    },
    starts: (instanceId) => starts.filter((start) => instanceId === undefined || start.instanceId === instanceId),
  }
}

function toEntry(definition: InstanceDefinition, now: number): Entry {
  const { status, stoppedMode, startedAt, startErrors } = definition
  const timeline = enter([], status, { now, stoppedMode, durations: definition })
  return {
    definition,
    stoppedMode,
    // What it was before it was added is not known: the first phase holds for all of the past.
    timeline: startedAt === undefined ? timeline : timeline.map((phase) => ({ ...phase, startedAt })),
    startErrors: [...startErrors],
  }
}
