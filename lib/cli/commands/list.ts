import type { Command } from 'commander'
import type * as z from 'zod'
import { listSchema, type Summary } from '#lib/cli/answers.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, Failure, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { connect, loadCaller, openSession, type Flags, type Session } from '#lib/cli/session.ts'

interface ListFlags extends Flags {
  readonly day?: string
}

export function addList(program: Command, { io, finish }: Cli): void {
  declare(program, {
    name: 'list',
    summary: 'List the requests of a day (UTC); for those whom the policy lets read',
    examples: ['list', 'list --day 2026-11-23 --json'],
    needs: 'caller',
  })
    .option('--day <day>', 'the day they were made, like 2026-11-23 (default: today)')
    .action(async (flags: ListFlags) => finish(await list(io, flags)))
}

async function list(io: Io, flags: ListFlags): Promise<ExitCode> {
  const day = flags.day ?? new Date(io.now()).toISOString().slice(0, 10)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) {
    throw new Failure(EXIT.usage, `${day} is no day.`, { next: ['Give it like 2026-11-23.'] })
  }
  const session = await openSession(io, flags)
  const items = await fetchAll(session, day)
  const { out, json } = session
  if (json) {
    out.json({ day, items: items.map((item) => ({ ...item, expiresAt: new Date(item.expiresAt).toISOString() })) })
    return EXIT.good
  }
  if (items.length === 0) out.line(`No requests were made on ${day} (UTC).`)
  for (const { id, state, says } of items)
    out.line({ style: 'bold', text: id }, '  ', state.replaceAll('_', ' ').padEnd(WIDEST), '  ', says)
  return EXIT.good
}

const WIDEST = 'dry run passed'.length
const MAX_PAGES = 50

async function fetchAll(session: Session, day: string): Promise<readonly Summary[]> {
  const client = connect(session)
  const caller = await loadCaller(session)
  const items: Summary[] = []
  let cursor: string | undefined
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ day, ...(cursor === undefined ? {} : { cursor }) })
    const answer: z.infer<typeof listSchema> = await client.call({
      method: 'GET',
      path: `/v1/start-requests?${query.toString()}`,
      schema: listSchema,
      caller,
    })
    items.push(...answer.items)
    if (answer.cursor === undefined || answer.cursor === null) return items
    cursor = answer.cursor
  }
  throw new Failure(EXIT.unreachable, `The list of ${day} does not end after ${MAX_PAGES} pages.`)
}
