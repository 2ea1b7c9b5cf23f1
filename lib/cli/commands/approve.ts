import type { Command } from 'commander'
import { MINUTE } from '#core/durations.ts'
import type { Proposal } from '#core/proposal.ts'
import { toReadableInstant } from '#core/words.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { confirmWipe } from '#lib/cli/confirm-wipe.ts'
import { EXIT, Failure, type ExitCode } from '#lib/cli/failure.ts'
import { followRequest } from '#lib/cli/follow-request.ts'
import type { Io } from '#lib/cli/io.ts'
import { toHeadText, toHumane } from '#lib/cli/print.ts'
import { repeatFlags } from '#lib/cli/repeat-flags.ts'
import { sendDecision, type Decided } from '#lib/cli/send-decision.ts'
import { connect, openSession, parseRequestId, type Session } from '#lib/cli/session.ts'
import { addSignerOptions, loadSigner, type Signer, type SignerFlags } from '#lib/cli/signer.ts'
import { fetchShown, findMismatches, printProposal, printState, refuseMismatch, refuseOver } from '#lib/cli/shown.ts'

interface ApproveFlags extends SignerFlags {
  readonly reason?: string
  readonly yes?: boolean
  readonly expect?: string
  readonly confirmInstance?: string
  readonly watch?: boolean
}

export function addApprove(program: Command, { io, finish }: Cli): void {
  const command = declare(program, {
    name: 'approve',
    summary: 'Check what would run, and sign for it with your key',
    examples: [
      'approve req_00112233445566778899aabbccddeeff',
      'approve req_00112233445566778899aabbccddeeff --reason "Agreed with finance" --watch',
      'approve req_00112233445566778899aabbccddeeff --ssh-key ~/.ssh/id_ed25519',
      'approve req_00112233445566778899aabbccddeeff --yes --expect <digest that you were told>',
    ],
    needs: 'caller',
  })
  addSignerOptions(command)
    .argument('<id>', 'the request')
    .option('--reason <text>', 'why; people will read it')
    .option('--expect <text>', 'sign only if it has this digest, or says exactly this line')
    .option('--yes', 'do not ask')
    .option('--confirm-instance <id>', 'the instance whose local disks will be wiped, where --yes cannot ask')
    .option('--watch', 'stay until it has ended')
    .action(async (id: string, flags: ApproveFlags) => finish(await approve(io, id, flags)))
}

async function approve(io: Io, text: string, flags: ApproveFlags): Promise<ExitCode> {
  const id = parseRequestId(text)
  const session = await openSession(io, flags)
  const signer = await loadSigner(session, flags)
  if (!flags.yes && !io.stdin.isTTY) {
    throw new Failure(EXIT.usage, `There is no terminal to ask you at, so nothing was ${signer.undone}.`, {
      next: ['Add --yes, best together with --expect <digest>.'],
    })
  }
  const client = connect(session)
  const shown = await fetchShown(client, id)
  refuseMismatch(findMismatches(shown, { id, audience: signer.audience, expect: flags.expect }), signer.undone)
  const { proposal } = shown
  refuseOver(shown, signer.undone)
  refuseHopeless(proposal, signer, io.now())
  // With --json the result alone goes to stdout.
  const screen = session.json ? session.err : session.out
  screen.line(`${signer.name}, you are about to ${signer.undone === 'sent' ? 'send what you signed' : 'sign'}:`)
  screen.line()
  printProposal(screen, proposal, io.now())
  screen.line()
  printState(screen, shown)
  await confirm(session, proposal, signer, flags)
  refuseHopeless(proposal, signer, io.now())
  const decided = await sendDecision({ client, io, signer, proposal, decision: 'approve', reason: flags.reason })
  printDecided(session, proposal, decided)
  if (flags.watch) return followRequest(session, id)
  if (!session.json) session.out.verbatim(`Next: startgate watch ${id}${repeatFlags(session.flags, ['url'])}`)
  return EXIT.good
}

/** What the gate or the starter would refuse anyway is said before anything is signed. */
function refuseHopeless({ request, rule }: Proposal, { name, undone }: Signer, now: number): void {
  const { principal, onBehalfOf } = request.requester
  const because =
    now >= request.expiresAt
      ? `it expired at ${toReadableInstant(request.expiresAt)}`
      : name === principal || name === onBehalfOf
        ? 'nobody approves a request of their own'
        : !rule.approvers.includes(name)
          ? `rule ${rule.name} takes approvals from ${rule.approvers.join(', ')} only`
          : request.createdAt > now + 5 * MINUTE
            ? `it was made ${toHumane(request.createdAt - now)} from now: one of the clocks is wrong`
            : undefined
  if (because === undefined) return
  throw new Failure(EXIT.refused, `This cannot be approved by ${name}: ${because}.`, {
    next: [`Nothing was ${undone}.`],
  })
}

async function confirm(session: Session, proposal: Proposal, { undone }: Signer, flags: ApproveFlags): Promise<void> {
  const { io, err } = session
  await confirmWipe(session, proposal, { given: flags.confirmInstance, mayAsk: !flags.yes, undone })
  if (flags.yes) return
  err.part(undone === 'sent' ? 'Send this approval? [y/N] ' : 'Sign and send this approval? [y/N] ')
  const answer = (await io.stdin.line()) ?? ''
  if (/^y(es)?$/i.test(answer.trim())) return
  throw new Failure(EXIT.refused, `You said no, so nothing was ${undone}.`, {
    next: [`To keep others from approving it: startgate deny ${proposal.request.id} --reason <why>`],
  })
}

function printDecided({ out, json }: Session, { request }: Proposal, decided: Decided): void {
  if (json) return out.json({ ...decided, expiresAt: new Date(decided.expiresAt).toISOString() })
  const next =
    decided.state === 'pending'
      ? 'More approvals are needed before it is started.'
      : request.notBefore === null
        ? 'The starter checks the signatures itself and takes it up next.'
        : `The starter checks the signatures itself and takes it up at ${toReadableInstant(request.notBefore)}.`
  out.line({ style: 'green', text: 'Approved. ' }, next)
  out.line({ style: 'dim', text: `Record  ${toHeadText('asks', decided.head.asks)}` })
}
