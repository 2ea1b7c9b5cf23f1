import { Option, type Command } from 'commander'
import { toSignedText } from '#core/signed-text.ts'
import { createStatement, toSshNamespace, type Statement } from '#core/statement.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { confirmWipe } from '#lib/cli/confirm-wipe.ts'
import { EXIT, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { quote, repeatFlags } from '#lib/cli/repeat-flags.ts'
import { parseReason, refuseNoWithoutReason } from '#lib/cli/send-decision.ts'
import { connect, openSession, parseRequestId, type Flags } from '#lib/cli/session.ts'
import { requireSetting } from '#lib/cli/settings.ts'
import { fetchShown, findMismatches, printProposal, printState, refuseMismatch, refuseOver } from '#lib/cli/shown.ts'

interface StatementFlags extends Flags {
  readonly decision: Statement['decision']
  readonly out: string
  readonly reason?: string
  readonly confirmInstance?: string
}

export function addStatement(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'statement',
    summary: 'Write down exactly what a decision signs, to sign it by hand with ssh-keygen',
    examples: ['statement req_00112233445566778899aabbccddeeff --decision approve --out approval'],
    needs: 'caller',
  })
    .argument('<id>', 'the request')
    .addOption(new Option('--decision <decision>', 'what to say').choices(['approve', 'deny']).makeOptionMandatory())
    .requiredOption('--out <file>', 'where the text goes, byte for byte')
    .option('--reason <text>', 'why; people will read it. A no needs one')
    .option('--confirm-instance <id>', 'the instance whose local disks will be wiped, where nobody can be asked')
    .action(async (id: string, flags: StatementFlags) => finish(await writeStatement(io, id, flags)))
}

async function writeStatement(io: Io, text: string, flags: StatementFlags): Promise<ExitCode> {
  const id = parseRequestId(text)
  if (flags.decision === 'deny') refuseNoWithoutReason(flags.reason)
  const session = await openSession(io, flags)
  const { out, json, settings } = session
  const [name, audience] = [requireSetting(settings, 'name'), requireSetting(settings, 'audience')]
  const shown = await fetchShown(connect(session), id)
  refuseMismatch(findMismatches(shown, { id, audience }), 'written')
  refuseOver(shown, 'written')
  const { proposal } = shown
  const { decision, reason, out: file, confirmInstance: given } = flags
  // With --json the result alone goes to stdout.
  const screen = json ? session.err : out
  printProposal(screen, proposal, io.now())
  screen.line()
  printState(screen, shown)
  if (decision === 'approve') {
    await confirmWipe(session, proposal, { given, mayAsk: io.stdin.isTTY, undone: 'written' })
  }
  const iat = Math.floor(io.now() / 1000)
  const statement = createStatement(proposal, decision, name, iat, parseReason(reason))
  await io.files.replace(file, toSignedText(statement))
  const namespace = toSshNamespace(audience)
  if (json) {
    out.json({ file, namespace, statement })
    return EXIT.good
  }
  out.line(`What says ${decision === 'approve' ? 'yes' : 'no'} to this is in ${file}. To sign it and send it:`)
  out.verbatim(`  ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n ${namespace} ${quote(file)}`)
  const again = repeatFlags(flags, ['url', 'name', 'audience'])
  out.verbatim(`  startgate ${decision} ${id} --signature ${quote(`${file}.sig`)}${again}`)
  return EXIT.good
}
