// The answer to a no.
import type * as z from '#core/zod.ts'
import type { decidedSchema } from './answers.ts'
import { EXIT, type ExitCode } from './failure.ts'
import { toHeadText } from './print.ts'
import { repeatFlags } from './repeat-flags.ts'
import type { Session } from './session.ts'

/** Only `stopped` is good: with anything else a start may be under way. */
export function printStopped(
  { out, json, flags }: Session,
  what: 'Denied' | 'Cancelled',
  answer: z.infer<typeof decidedSchema>,
): ExitCode {
  const stopped = answer.outcome === 'stopped'
  if (json) out.json({ ...answer, expiresAt: new Date(answer.expiresAt).toISOString() })
  else {
    if (stopped) out.line({ style: 'green', text: `${what}. ` }, 'Nothing was started, and nothing will be.')
    else {
      out.line(
        { style: 'red', text: 'Recorded, but a start was under way or is being checked. ' },
        `State: ${answer.state}.`,
      )
      out.verbatim(`Next: startgate watch ${answer.id}${repeatFlags(flags, ['url'])}`)
    }
    const { asks, runs } = answer.head
    out.line({ style: 'dim', text: `Record  ${toHeadText('asks', asks)} ${toHeadText('runs', runs)}` })
  }
  return stopped ? EXIT.good : EXIT.refused
}
