// What a command may end with, and the one error that carries it to the end.
import type * as z from '#core/zod.ts'
import type { problemSchema } from './answers.ts'

export const EXIT = { good: 0, refused: 1, usage: 2, unreachable: 3, mismatch: 4 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_CODES = `Exit codes:
  0  done, or it ended well
  1  refused, or it ended badly (denied, cancelled, expired, failed, stuck)
  2  wrong usage or settings; nothing was sent
  3  the gate could not be reached, or had a fault
  4  does not match: a receipt, or what the gate shows`

/** The command cannot go on. Not for bugs: those stay ordinary errors. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exit: ExitCode
  /** What to do next, in one sentence each. */
  readonly next: readonly string[]
  /** What the gate said, when it said something. */
  readonly problem: z.infer<typeof problemSchema> | undefined

  constructor(
    exit: ExitCode,
    message: string,
    { next = [], problem, cause }: { next?: readonly string[]; problem?: Failure['problem']; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.exit = exit
    this.next = next
    this.problem = problem
  }
}
