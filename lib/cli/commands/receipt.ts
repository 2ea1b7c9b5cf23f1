import type { Command } from 'commander'
import { receiptSchema } from '#lib/cli/answers.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { connect, openSession, parseRequestId, toPath, type Flags } from '#lib/cli/session.ts'

interface ReceiptFlags extends Flags {
  readonly out?: string
}

export function addReceipt(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'receipt',
    summary: 'Fetch the receipt of a request, for verify',
    examples: [
      'receipt req_00112233445566778899aabbccddeeff --out receipt.json',
      'receipt req_00112233445566778899aabbccddeeff | startgate verify - --policy policy.yaml',
    ],
    needs: 'gate',
  })
    .argument('<id>', 'the request')
    .option('--out <file>', 'write it there instead of printing it')
    .action(async (id: string, flags: ReceiptFlags) => finish(await fetchReceipt(io, id, flags)))
}

async function fetchReceipt(io: Io, text: string, flags: ReceiptFlags): Promise<ExitCode> {
  const id = parseRequestId(text)
  const session = await openSession(io, flags)
  const receipt = await connect(session).call({ method: 'GET', path: toPath(id, '/receipt'), schema: receiptSchema })
  if (flags.out === undefined) session.out.json(receipt)
  else {
    await io.files.replace(flags.out, `${JSON.stringify(receipt, null, 2)}\n`)
    session.err.verbatim(`Written to ${flags.out}. Next: startgate verify ${flags.out} --policy <policy.yaml>`)
  }
  return EXIT.good
}
