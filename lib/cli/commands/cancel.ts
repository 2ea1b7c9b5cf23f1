import type { Command } from 'commander'
import { decidedSchema } from '#lib/cli/answers.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import type { ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { printStopped } from '#lib/cli/print-stopped.ts'
import { connect, loadCaller, openSession, parseRequestId, toPath, type Flags } from '#lib/cli/session.ts'

interface CancelFlags extends Flags {
  readonly reason?: string
}

export function addCancel(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'cancel',
    summary: 'Take a request back that you made, or that your rule lets you cancel',
    examples: ['cancel req_00112233445566778899aabbccddeeff --reason "Found another machine"'],
    needs: 'caller',
  })
    .argument('<id>', 'the request')
    .option('--reason <text>', 'why; people will read it')
    .action(async (id: string, flags: CancelFlags) => finish(await cancel(io, id, flags)))
}

async function cancel(io: Io, text: string, flags: CancelFlags): Promise<ExitCode> {
  const id = parseRequestId(text)
  const session = await openSession(io, flags)
  const caller = await loadCaller(session)
  const answer = await connect(session).call({
    method: 'POST',
    path: toPath(id, '/cancel'),
    schema: decidedSchema,
    body: { reason: flags.reason },
    caller,
  })
  return printStopped(session, 'Cancelled', answer)
}
