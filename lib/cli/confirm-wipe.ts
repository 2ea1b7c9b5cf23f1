// Whoever says yes to wiping local disks names the instance first: a yes typed from habit is none.
import type { Proposal } from '#core/proposal.ts'
import { EXIT, Failure } from './failure.ts'
import type { Session } from './session.ts'

interface Confirmation {
  /** Named with the command instead of typed. */
  readonly given: string | undefined
  readonly mayAsk: boolean
  /** As in `nothing was signed`. */
  readonly undone: string
}

/** Fails where the instance was not named; asks for nothing where no disk is wiped. */
export async function confirmWipe(
  { io, err }: Session,
  { request }: Proposal,
  { given, mayAsk, undone }: Confirmation,
): Promise<void> {
  if (!request.initLocalDisk) return
  let typed = given
  if (typed === undefined && mayAsk) {
    err.part({ style: 'red', text: 'Type the instance id to confirm that its local disks are wiped: ' })
    typed = await io.stdin.line()
  }
  if (typed?.trim() === request.instanceId) return
  throw new Failure(mayAsk ? EXIT.refused : EXIT.usage, 'The wiping of local disks was not confirmed.', {
    next: [`Nothing was ${undone}.`, `Where you cannot be asked, add: --confirm-instance ${request.instanceId}`],
  })
}
