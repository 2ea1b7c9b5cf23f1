import type { Command } from 'commander'
import { sayRequester } from '#core/proposal.ts'
import type { Item } from '#lib/cli/answers.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { dayOf, parseDay } from '#lib/cli/day.ts'
import { EXIT, type ExitCode } from '#lib/cli/failure.ts'
import type { Io } from '#lib/cli/io.ts'
import { listDay } from '#lib/cli/list-day.ts'
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
  const day = parseDay(flags.day ?? dayOf(io.now()))
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

async function fetchAll(session: Session, day: string): Promise<readonly Item[]> {
  const client = connect(session)
  const caller = await loadCaller(session)
  const items: Item[] = []
  for await (const page of listDay(client, caller, day)) items.push(...page)
  return items
}
