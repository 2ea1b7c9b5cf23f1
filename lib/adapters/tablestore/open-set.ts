// What is not yet finished and told, as a table. It is spread over sixteen shards so that no partition is the busy one.
import { requestIdSchema, type RequestId } from '#core/request-id.ts'
import * as z from '#core/zod.ts'
import { PHASES, type OpenEntry, type OpenSet, type Phase } from '#ports/open-set.ts'
import type { Driver, Write } from './driver.ts'
import { createPause, persistWrite, readRange } from './persist.ts'
import { HIGHEST, LOWEST, type StoredRow } from './values.ts'

const TABLE = 'open'

/**
 * Each write may be repeated after an unknown outcome, and may land late:
 * - `add`: if the lost attempt put the entry, the repetition finds it and says `exists`; the entry is the same.
 * - `raise`: if it was carried out, the repetition meets its own phase and passes. Landing late it cannot lower a phase,
 *   and cannot bring an entry back that was removed. False after an unknown attempt: somebody went past it meanwhile.
 * - `remove`: an entry is removed when its request is final and told, which never becomes untrue.
 * - `removeIfUnchanged`: an entry that was renewed has another `expiresAt`, so that a late one does not find its own.
 */
export function createOpenSet(driver: Driver): OpenSet {
  return {
    async all() {
      const from = { shard: LOWEST, request: LOWEST }
      const to = { shard: HIGHEST, request: HIGHEST }
      const { rows } = await readRange(driver, { table: TABLE, from, to }, 'read open')
      return rows.map((row) => toEntry(driver, row)).filter((entry) => entry !== undefined)
    },
    async add(entry) {
      const write = { ...at(entry.request), existence: 'EXPECT_NOT_EXIST' } as const
      const added = await persistWrite(
        () => driver.putRow(write, columnsOf(entry)),
        createPause(driver, `add ${entry.request} to open`),
      )
      return added ? 'added' : 'exists'
    },
    raise(entry) {
      const column = { name: 'phase', is: 'LESS_EQUAL', value: PHASES[entry.phase] } as const
      const write: Write = { ...at(entry.request), existence: 'EXPECT_EXIST', column }
      return persistWrite(
        () => driver.putRow(write, columnsOf(entry)),
        createPause(driver, `raise ${entry.request} in open`),
      )
    },
    async remove(request) {
      const write: Write = { ...at(request), existence: 'IGNORE' }
      await persistWrite(() => driver.deleteRow(write), createPause(driver, `remove ${request} from open`))
    },
    async removeIfUnchanged({ request, expiresAt }) {
      const column = { name: 'expiresAt', is: 'EQUAL', value: expiresAt } as const
      const write: Write = { ...at(request), existence: 'EXPECT_EXIST', column }
      await persistWrite(() => driver.deleteRow(write), createPause(driver, `remove ${request} from open if unchanged`))
    },
  }
}

function at(request: RequestId): Pick<Write, 'table' | 'key'> {
  // The first hex digit: ids are spread evenly.
  return { table: TABLE, key: { shard: request.slice(4, 5), request } }
}

function columnsOf({ phase, digest, createdAt, notBefore, expiresAt }: OpenEntry) {
  return { phase: PHASES[phase], digest, createdAt, notBefore, expiresAt }
}

const entrySchema = z.object({
  request: requestIdSchema,
  phase: z.pipe(
    z.int(),
    z.transform((number, { issues }) => {
      const phase = (Object.keys(PHASES) as Phase[]).find((name) => PHASES[name] === number)
      if (phase === undefined) issues.push({ code: 'custom', message: 'no such phase', input: number })
      return phase ?? z.NEVER
    }),
  ),
  digest: z.string(),
  createdAt: z.int(),
  notBefore: z.int(),
  expiresAt: z.int(),
})

/** An entry that cannot be read must not hide the others; whoever wrote it, perhaps a newer version, can read it. */
function toEntry({ log }: Driver, { key, columns }: StoredRow): OpenEntry | undefined {
  const parsed = entrySchema.safeParse({ ...columns, request: key['request'] })
  if (!parsed.success) log.warn('open.unreadable', { request: key['request'] })
  return parsed.data
}
