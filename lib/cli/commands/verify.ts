import type { Command } from 'commander'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { DURATIONS } from '#core/durations.ts'
import { parseJson } from '#core/json.ts'
import { ENOUGH_DIGITS } from '#core/row.ts'
import { receiptSchema, type Receipt } from '#lib/cli/answers.ts'
import { collect, declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, Failure, type ExitCode } from '#lib/cli/failure.ts'
import { isCode, type Io } from '#lib/cli/io.ts'
import type { HeldHead } from '#lib/cli/judge/check-books.ts'
import { judgeReceipt, type Judgement } from '#lib/cli/judge/judge-receipt.ts'
import { readFile, readPolicy } from '#lib/cli/policy/read-policy.ts'
import type { Printer } from '#lib/cli/print.ts'
import { openSession, type Flags } from '#lib/cli/session.ts'
import { openExport, verifyExport, type OpenedExport } from '#lib/cli/verify-export.ts'

interface VerifyFlags extends Flags {
  readonly policy: string
  readonly head?: readonly string[]
}

export function addVerify(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'verify',
    summary: 'Judge a receipt, or an export of many, by a policy file that you hold; needs no network',
    examples: [
      'verify receipt.json --policy infra/policy.yaml',
      'verify receipt.json --policy infra/policy.yaml --head asks:2:<hash that you were answered>',
      'verify november.jsonl --policy infra/policy.yaml',
      'receipt req_00112233445566778899aabbccddeeff | startgate verify - --policy infra/policy.yaml --json',
    ],
    needs: 'nothing',
  })
    .argument('<receipt>', 'file of the receipt, or of an export; - for standard input')
    .requiredOption('--policy <file>', 'the policy of that time, from where you trust it')
    .option('--head <head>', 'an entry of the record that somebody holds, like asks:2:<hash>; repeatable', collect)
    .option('--audience <audience>', 'the deployment that it must be from (STARTGATE_AUDIENCE)')
    .action(async (file: string, flags: VerifyFlags) => finish(await verify(io, file, flags)))
}

async function verify(io: Io, file: string, flags: VerifyFlags): Promise<ExitCode> {
  const session = await openSession(io, { json: flags.json, audience: flags.audience })
  const policy = await readPolicy(io, flags.policy)
  const heads = (flags.head ?? []).map(parseHead)
  const { audience } = session.settings
  const question = { policy, verifier: createEvidenceVerifier(), heads, audience, now: io.now(), durations: DURATIONS }
  const piped = file === '-' ? await io.stdin.read() : undefined
  const opened = await openFile(io, file, piped)
  if (opened !== undefined) return verifyExport(session, { ...question, ...opened })
  const receipt = toReceipt(file, piped ?? (await readFile(io, file, 'receipt')))
  const judgement = await judgeReceipt({ ...question, receipt })
  if (session.json) session.out.json(judgement)
  else printJudgement(session.out, judgement, heads.length > 0)
  return judgement.verified ? EXIT.good : EXIT.mismatch
}

function printJudgement(out: Printer, { verified, says, outcome, checks }: Judgement, held: boolean): void {
  const styles = { ok: 'green', wrong: 'red', note: 'yellow' } as const
  if (says !== undefined) out.line({ style: 'bold', text: says })
  for (const { verdict, text } of checks)
    out.entry(['  ', { style: styles[verdict], text: (verdict === 'wrong' ? 'WRONG' : verdict).padEnd(5) }, '  '], text)
  const wrong = checks.filter(({ verdict }) => verdict === 'wrong').length
  if (!verified) {
    out.line({ style: 'red', text: 'NOT VERIFIED' }, `  ${wrong} of ${checks.length} checks found something wrong.`)
    return
  }
  out.line(
    { style: 'green', text: 'VERIFIED' },
    `  Outcome: ${outcome?.state.replaceAll('_', ' ') ?? 'unknown'}. ${outcome?.headline ?? ''}`,
  )
  if (!held) {
    const limit =
      'That nothing was left out at the end is the gate’s word: compare with entries that people hold (--head).'
    out.line({ style: 'dim', text: limit })
  }
}

/** An export is read line by line, as it may be larger than what fits; undefined where it is none. */
async function openFile(io: Io, file: string, piped: string | undefined): Promise<OpenedExport | undefined> {
  if (piped !== undefined) return openExport([piped], file)
  try {
    return await openExport(io.files.chunks(file), file)
  } catch (error) {
    // Of one that is not there, or a folder, `readFile` says what it should be.
    if (isCode(error, 'ENOENT') || isCode(error, 'EISDIR')) return undefined
    throw error
  }
}

function toReceipt(file: string, text: string): Receipt {
  const parsed = receiptSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`)
  throw new Failure(EXIT.mismatch, `${file} is no receipt: ${faults.join('; ')}.`, {
    next: ['Fetch it with: startgate receipt <id> --out receipt.json'],
  })
}

function parseHead(text: string): HeldHead {
  const [, book, n, hash] = /^(asks|runs|a|r):(\d{1,6}):([0-9a-f]{1,64})$/.exec(text) ?? []
  if (book === undefined || n === undefined || hash === undefined || hash.length < ENOUGH_DIGITS) {
    const next = [`It looks like asks:2:<64 hex digits>; the first ${ENOUGH_DIGITS} of them, as on a card, are enough.`]
    throw new Failure(EXIT.usage, `${text} is no head.`, { next })
  }
  return { book: book.startsWith('a') ? 'asks' : 'runs', n: Number(n), hash }
}
