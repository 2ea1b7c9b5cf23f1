import type { Command } from 'commander'
import { declare, type Cli } from '#lib/cli/command.ts'
import type { ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { printStopped } from '#lib/cli/print-stopped.ts'
import { refuseNoWithoutReason, sendDecision } from '#lib/cli/send-decision.ts'
import { connect, openSession, parseRequestId } from '#lib/cli/session.ts'
import { addSignerOptions, loadSigner, type SignerFlags } from '#lib/cli/signer.ts'
import { fetchShown, findMismatches, refuseMismatch } from '#lib/cli/shown.ts'

interface DenyFlags extends SignerFlags {
  readonly reason?: string
}

export function addDeny(program: Command, { io, finish }: Cli): void {
  const command = declare(program, {
    name: 'deny',
    summary: 'Stop a request for good, with your signature; asking again takes a new one',
    examples: ['deny req_00112233445566778899aabbccddeeff --reason "The budget is used up"'],
    needs: 'caller',
  })
  addSignerOptions(command)
    .argument('<id>', 'the request')
    .option('--reason <text>', 'why; people will read it. Needed, unless it is in what you signed by hand')
    .action(async (id: string, flags: DenyFlags) => finish(await deny(io, id, flags)))
}

/** Asks nothing back: saying no is never the dangerous answer. */
async function deny(io: Io, text: string, flags: DenyFlags): Promise<ExitCode> {
  const id = parseRequestId(text)
  if (flags.signature === undefined) refuseNoWithoutReason(flags.reason)
  const session = await openSession(io, flags)
  const signer = await loadSigner(session, flags)
  const client = connect(session)
  const shown = await fetchShown(client, id)
  refuseMismatch(findMismatches(shown, { id, audience: signer.audience }), signer.undone)
  const { proposal } = shown
  const decided = await sendDecision({ client, io, signer, proposal, decision: 'deny', reason: flags.reason })
  return printStopped(session, 'Denied', decided)
}
