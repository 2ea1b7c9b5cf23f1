import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { instanceOrAliasSchema } from '#core/alias.ts'
import { instanceIdSchema, toReadableInstant } from '#core/words.ts'
import { summarySchema, type Summary } from '#lib/cli/answers.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, Failure, type ExitCode } from '#lib/cli/failure.ts'
import { followRequest } from '#lib/cli/follow-request.ts'
import type { Io } from '#lib/cli/io.ts'
import { parseNotBefore } from '#lib/cli/not-before.ts'
import { printFields, sayExpiry, toHeadText } from '#lib/cli/print.ts'
import { connect, loadCaller, openSession, type Flags, type Session } from '#lib/cli/session.ts'

interface AskFlags extends Flags {
  readonly instance: string
  readonly reason: string
  readonly region?: string
  readonly account?: string
  readonly dryRun?: boolean
  readonly initLocalDisk?: boolean
  readonly notBefore?: string
  readonly onBehalfOf?: string
  readonly idempotencyKey?: string
  readonly watch?: boolean
}

export function addAsk(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'ask',
    summary: 'Ask that a stopped instance be started',
    examples: [
      'ask --instance i-bp67acfmxazb4p3ujhx1 --reason "The weekly report is due"',
      'ask --instance i-bp67acfmxazb4p3ujhx1 --reason "Nightly run" --not-before +30m --watch',
      'ask --instance i-bp67acfmxazb4p3ujhx1 --reason "Does the role suffice?" --dry-run',
    ],
    needs: 'caller',
  })
    .requiredOption('--instance <id>', 'the instance to start, or its alias in the policy')
    .requiredOption('--reason <text>', 'why; the approvers read it')
    .option('--region <id>', 'its region, if it is not that of the gate')
    .option('--account <id>', 'its account, if it is not that of the gate')
    .option('--dry-run', 'only let ECS check whether the start would be allowed')
    .option('--init-local-disk', 'reset the local disks: destroys all data on them')
    .option('--not-before <time>', 'start no earlier: 2026-11-23T18:00:00Z, or +30m, +2h, +1d')
    .option('--on-behalf-of <name>', 'the person a machine asks for')
    .option('--idempotency-key <key>', 'the same key finds the same request again')
    .option('--watch', 'stay until it has ended')
    .action(async (flags: AskFlags) => finish(await ask(io, flags)))
}

async function ask(io: Io, flags: AskFlags): Promise<ExitCode> {
  const session = await openSession(io, flags)
  if (!instanceOrAliasSchema.safeParse(flags.instance).success) {
    throw new Failure(EXIT.usage, `${flags.instance} is neither an instance id nor an alias.`, {
      next: ['An id looks like i-bp67acfmxazb4p3ujhx1, an alias like report-db.'],
    })
  }
  const key = parseKey(flags.idempotencyKey ?? randomUUID())
  const notBefore = flags.notBefore === undefined ? undefined : parseNotBefore(flags.notBefore, io.now())
  const body = {
    instanceId: flags.instance,
    reason: flags.reason,
    accountId: flags.account,
    regionId: flags.region,
    initLocalDisk: flags.initLocalDisk,
    dryRun: flags.dryRun,
    notBefore: notBefore === undefined ? undefined : new Date(notBefore).toISOString(),
    onBehalfOf: flags.onBehalfOf,
  }
  const asked = await send(session, body, key)
  // Where an alias leads only the policy knows: whoever asks reads it in the line below.
  const isId = instanceIdSchema.safeParse(flags.instance).success
  if (isId && !asked.says.includes(` ${flags.instance} in `)) {
    throw new Failure(EXIT.mismatch, `You asked for ${flags.instance}, and the gate recorded: ${asked.says}.`, {
      next: [`Look at it with: startgate show ${asked.id}`, 'Tell whoever runs the gate.'],
    })
  }
  printAsked(session, asked, key, notBefore)
  return flags.watch ? followRequest(session, asked.id) : EXIT.good
}

/** The key goes into every failure: with it the same ask can be sent again without becoming a second one. */
async function send(session: Session, body: unknown, key: string): Promise<Summary> {
  const caller = await loadCaller(session)
  try {
    return await connect(session).call({
      method: 'POST',
      path: '/v1/start-requests',
      schema: summarySchema,
      body,
      headers: { 'idempotency-key': key },
      caller,
    })
  } catch (error) {
    if (!(error instanceof Failure) || error.exit !== EXIT.unreachable) throw error
    const { exit, message, next, problem } = error
    const again = `It may have been recorded. Ask again safely by adding: --idempotency-key ${key}`
    throw new Failure(exit, message, { next: [...next, again], ...(problem && { problem }), cause: error })
  }
}

function printAsked({ io, out, json }: Session, asked: Summary, key: string, notBefore: number | undefined): void {
  if (json) return out.json({ ...asked, expiresAt: new Date(asked.expiresAt).toISOString(), idempotencyKey: key })
  out.line('Asked: ', { style: 'bold', text: asked.says })
  out.line()
  printFields(out, [
    { label: 'Request', value: asked.id },
    { label: 'State', value: `${asked.state}, ${sayExpiry(asked.expiresAt, io.now())}` },
    ...(notBefore === undefined ? [] : [{ label: 'Not before', value: toReadableInstant(notBefore) }]),
    ...(asked.review === undefined ? [] : [{ label: 'Review', value: asked.review }]),
    { label: 'Record', value: toHeadText('asks', asked.head.asks) },
    { label: 'Idempotency key', value: key },
  ])
  out.line()
  out.line('Next: an approver opens the review link, or runs:')
  out.verbatim(`  startgate approve ${asked.id}`)
}

function parseKey(key: string): string {
  if (/^[\x21-\x7e]{1,128}$/.test(key)) return key
  throw new Failure(EXIT.usage, 'An Idempotency-Key is 1 to 128 printable ASCII characters without blanks.')
}
