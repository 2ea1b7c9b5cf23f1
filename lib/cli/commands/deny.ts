import type { Command } from 'commander'
import { declare, type Cli } from '#lib/cli/command.ts'
import type { ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { printStopped } from '#lib/cli/print-stopped.ts'
import { sendDecision } from '#lib/cli/send-decision.ts'
import { connect, loadCaller, openSession, parseRequestId, type Flags } from '#lib/cli/session.ts'
import { fetchShown, findMismatches, refuseMismatch } from '#lib/cli/shown.ts'

interface DenyFlags extends Flags {
  readonly reason: string
}

export function addDeny(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'deny',
    summary: 'Stop a request for good, with your signature; asking again takes a new one',
    examples: ['deny req_00112233445566778899aabbccddeeff --reason "The budget is used up"'],
    needs: 'caller',
  })
    .argument('<id>', 'the request')
    .requiredOption('--reason <text>', 'why; people will read it')
    .action(async (id: string, flags: DenyFlags) => finish(await deny(io, id, flags)))
}

/** Asks nothing back: saying no is never the dangerous answer. */
async function deny(io: Io, text: string, flags: DenyFlags): Promise<ExitCode> {
  const id = parseRequestId(text)
  const session = await openSession(io, flags)
  const caller = await loadCaller(session)
  const client = connect(session)
  const shown = await fetchShown(client, id)
  refuseMismatch(findMismatches(shown, { id, audience: caller.audience }))
  const { proposal } = shown
  const decided = await sendDecision({ client, io, caller, proposal, decision: 'deny', reason: flags.reason })
  return printStopped(session, 'Denied', decided)
}
