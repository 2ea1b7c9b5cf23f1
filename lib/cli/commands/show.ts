import type { Command } from 'commander'
import { toReadableInstant } from '#core/words.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { sayExpiry, toHeadText } from '#lib/cli/print.ts'
import { connect, openSession, parseRequestId, type Flags } from '#lib/cli/session.ts'
import { fetchShown, findMismatches, printProposal } from '#lib/cli/shown.ts'

export function addShow(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'show',
    summary: 'Show a request: what would run, how it stands, and what happened so far',
    examples: ['show req_00112233445566778899aabbccddeeff'],
    needs: 'gate',
  })
    .argument('<id>', 'the request')
    .action(async (id: string, flags: Flags) => finish(await show(io, id, flags)))
}

async function show(io: Io, text: string, flags: Flags): Promise<ExitCode> {
  const id = parseRequestId(text)
  const session = await openSession(io, flags)
  const { out, err, json, settings } = session
  const shown = await fetchShown(connect(session), id)
  const mismatches = findMismatches(shown, { id, audience: settings.audience })
  const { proposal, view, state, final, head } = shown
  if (json) out.json({ ...shown, expiresAt: new Date(shown.expiresAt).toISOString(), mismatches })
  else {
    const open = final ? '' : `, ${sayExpiry(proposal.request.expiresAt, io.now())}`
    out.line({ style: 'bold', text: state.replaceAll('_', ' ') }, open, `  ${view.headline}`)
    out.line()
    printProposal(out, proposal, io.now())
    out.line()
    for (const { at, who, what } of view.timeline)
      out.entry(['  ', { style: 'dim', text: toReadableInstant(at) }, '  '], `${who}  ${what}`)
    out.line()
    if (shown.review !== undefined) out.line({ style: 'dim', text: 'Review  ' }, shown.review)
    out.line({ style: 'dim', text: `Record  ${toHeadText('asks', head.asks)} ${toHeadText('runs', head.runs)}` })
  }
  for (const mismatch of mismatches) err.line({ style: 'red', text: `DOES NOT MATCH  ${mismatch}` })
  return mismatches.length === 0 ? EXIT.good : EXIT.mismatch
}
