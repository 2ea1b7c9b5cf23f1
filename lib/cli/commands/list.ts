import type { Command } from 'commander'
import type * as z from 'zod'
import { sayRequester } from '#core/proposal.ts'
import { listSchema, type Item } from '#lib/cli/answers.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { EXIT, Failure, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { connect, loadCaller, openSession, type Flags, type Session } from '#lib/cli/session.ts'
import { layTable } from '#lib/cli/table.ts'

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
    out.json({ day, items: items.map(toJson) })
    return EXIT.good
  }
  if (items.length === 0) {
    out.line(`No requests were made on ${day} (UTC).`)
    return EXIT.good
  }
  const [heading = '', ...rows] = layTable([HEADING, ...items.map(toRow)], CUTTABLE, out.columns)
  out.verbatim({ style: 'dim', text: heading })
  for (const row of rows) out.verbatim(row)
  return EXIT.good
}

const HEADING = ['State', 'Instance', 'Asked by', 'UTC', 'Request']
/** Instances and names; what is shown of a state or an id is shown whole. */
const CUTTABLE = [1, 2]

function toRow({ state, instanceId, requester, createdAt, id }: Item): readonly string[] {
  const time = new Date(createdAt).toISOString().slice(11, 16)
  return [state.replaceAll('_', ' '), instanceId, sayRequester(requester), time, id]
}

function toJson(item: Item): object {
  const [createdAt, expiresAt] = [item.createdAt, item.expiresAt].map((at) => new Date(at).toISOString())
  return { ...item, createdAt, expiresAt }
}

const MAX_PAGES = 50

async function fetchAll(session: Session, day: string): Promise<readonly Item[]> {
  const client = connect(session)
  const caller = await loadCaller(session)
  const items: Item[] = []
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
