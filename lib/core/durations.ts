// Every length of time that the rules, the flow and the adapters use, in milliseconds.

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export interface Durations {
  /** Connect and read timeout of one SDK call of StartInstance (Alibaba's own Go and Python SDKs use 46 s). */
  readonly startTimeout: number
  /** Timeout of one DescribeInstances call. */
  readonly lookTimeout: number
  /** Deadline of one Tablestore call. */
  readonly recordTimeout: number
  /** How long the starter waits for a StartInstance before it gives the answer up. */
  readonly startDeadline: number
  /** The function timeout set in s.yaml; the platform kills the instance then. */
  readonly functionTimeout: number
  /** At most this much (monotonic) between putting `attempted` and sending StartInstance. */
  readonly attemptedToCall: number
  /**
   * An `attempted` without outcome is left alone this much longer than the function timeout: it may have landed late, a
   * gate that saw no attempt may live on, and the clock of whoever looks may be ahead of theirs.
   */
  readonly ownerGone: number
  /** Pause before each look at what was started, within one invocation. */
  readonly lookEvery: number
  /** How long one invocation follows a start that was accepted. */
  readonly follow: number
  /** Still Stopped this long after the attempt: an unclear start is `stuck`, an accepted one is looked at again. */
  readonly stillStopped: number
  /** Pause before that second look. */
  readonly lookAgain: number
  /** Whatever is only looked at becomes `stuck` this long after `attempted`. */
  readonly giveUpLooking: number
  /** A request is expired this long after `expiresAt`: clock skew 2 min + function timeout 2 min + 1 min. */
  readonly expiryGrace: number
  /** Pauses before a further attempt, by what was in the way: an operation, a limit of rates, a lack of capacity. */
  readonly againSoon: number
  readonly againLater: number
  readonly againMuchLater: number
  /** Largest clock difference between the functions, approvers and the cloud that the rules allow for. */
  readonly clockSkew: number
  /** A statement's `iat` may lie this far before `createdAt` or after now. */
  readonly iatTolerance: number
  /** A request may name a `notBefore` at most this far ahead. */
  readonly furthestNotBefore: number
  /** Something `ready` for longer than this without a run is a fault of the starter. */
  readonly readyAlarm: number
  /** `sweep` takes nothing new in the last part of its invocation. */
  readonly sweepLast: number
  /** Deadline of one delivery to a webhook address. */
  readonly deliverTimeout: number
  /** Deadline of handing a chat event on; the strictest platform wants its answer within 2 s. */
  readonly handOnTimeout: number
  /** What was said in a chat is worked on at most this much later. */
  readonly chatEventAge: number
  /** After a change, telling is tried again at these offsets; past the last one it is given up. */
  readonly tellAgain: readonly number[]
  /** Whoever has not said yes is reminded at most this long before the request expires. */
  readonly remindBefore: number
  /** While a request waits for people or its time, what may have been left half done is looked for this often. */
  readonly tellRound: number
  /** How often the timers `tell` and `sweep` fire. */
  readonly tick: number
}

export const DURATIONS: Durations = {
  startTimeout: 46 * SECOND,
  lookTimeout: 10 * SECOND,
  recordTimeout: 5 * SECOND,
  startDeadline: 50 * SECOND,
  functionTimeout: 2 * MINUTE,
  attemptedToCall: 5 * SECOND,
  ownerGone: 4 * MINUTE,
  lookEvery: 5 * SECOND,
  follow: 50 * SECOND,
  stillStopped: 3 * MINUTE,
  lookAgain: MINUTE,
  giveUpLooking: 30 * MINUTE,
  expiryGrace: 5 * MINUTE,
  againSoon: 15 * SECOND,
  againLater: MINUTE,
  againMuchLater: 5 * MINUTE,
  clockSkew: 2 * MINUTE,
  iatTolerance: 5 * MINUTE,
  furthestNotBefore: 7 * DAY,
  readyAlarm: 5 * MINUTE,
  sweepLast: MINUTE + 20 * SECOND,
  deliverTimeout: 10 * SECOND,
  handOnTimeout: 1.5 * SECOND,
  chatEventAge: 2 * HOUR,
  tellAgain: [MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 8 * HOUR, DAY],
  remindBefore: HOUR,
  tellRound: 15 * MINUTE,
  tick: MINUTE,
}

/** Bounds of single calls. A few hundred milliseconds would make a busy machine look like a broken service. */
const CALL_BOUNDS: readonly string[] = [
  'recordTimeout',
  'lookTimeout',
  'deliverTimeout',
  'handOnTimeout',
  'attemptedToCall',
]

/** The same table, `scale` times faster, with call bounds of at least a second; only the local cloud runs at another scale than 1. */
export function scaleDurations(durations: Durations, scale: number): Durations {
  const toScaled = (name: string, ms: number): number =>
    CALL_BOUNDS.includes(name) ? Math.max(ms / scale, SECOND) : ms / scale
  const scaled = Object.entries(durations).map(([name, value]: [string, number | readonly number[]]) => [
    name,
    typeof value === 'number' ? toScaled(name, value) : value.map((each) => each / scale),
  ])
  return Object.fromEntries(scaled) as Durations
}

/** What must hold between the durations, as sentences; empty when all does. */
export function durationFaults(d: Durations): readonly string[] {
  const increasing: readonly (readonly [keyof Durations, keyof Durations])[] = [
    ['startTimeout', 'startDeadline'],
    ['lookTimeout', 'startDeadline'],
    ['recordTimeout', 'startDeadline'],
    ['startDeadline', 'functionTimeout'],
    ['lookAgain', 'sweepLast'],
    ['sweepLast', 'functionTimeout'],
    ['lookEvery', 'follow'],
    ['follow', 'functionTimeout'],
    ['stillStopped', 'giveUpLooking'],
  ]
  const faults = increasing
    .filter(([less, more]) => !(d[less] < d[more]))
    .map(([less, more]) => `${less} must be less than ${more}`)
  if (d.expiryGrace <= d.clockSkew + d.functionTimeout)
    faults.push('expiryGrace must be more than clockSkew + functionTimeout')
  if (d.ownerGone < d.clockSkew + d.functionTimeout)
    faults.push('ownerGone must be at least clockSkew + functionTimeout')
  if (d.startDeadline + d.follow >= d.functionTimeout)
    faults.push('startDeadline + follow must be less than functionTimeout')
  return faults
}
