import { parseAsks, type AskEntry, type Asks } from '#core/asks.ts'
import type { RequestId } from '#core/request-id.ts'
import { createRow, headOf, type Actor } from '#core/row.ts'
import type { GateDeps } from './deps.ts'

/** Puts the next row of a stream of `asks`. `taken`: somebody else was quicker; read again and judge anew. */
export async function putAsk(
  deps: GateDeps,
  request: RequestId,
  asks: Pick<Asks, 'rows'>,
  actor: Actor,
  { type, body }: AskEntry,
): Promise<Asks | 'taken'> {
  const row = createRow(
    { book: 'asks', stream: request, id: deps.random.id(), type, at: deps.clock.now(), actor, body },
    headOf(asks.rows),
  )
  if ((await deps.asks.put(row)) === 'taken') return 'taken'
  deps.log.info(`ask.${type}`, { request, n: row.n, actor })
  return parseAsks([...asks.rows, row])
}
