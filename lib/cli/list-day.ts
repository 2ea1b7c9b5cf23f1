// The requests of one day as the gate lists them, a page at a time.
import type * as z from '#core/zod.ts'
import { listSchema, type Item } from './answers.ts'
import type { Caller } from './call-token.ts'
import type { Client } from './client.ts'
import { EXIT, Failure } from './failure.ts'

/** Far more than a day may have: a gate that sends pages without end is not listened to for ever. */
const MAX_PAGES = 5000

export async function* listDay(client: Client, caller: Caller, day: string): AsyncGenerator<readonly Item[]> {
  let cursor: string | undefined
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ day, ...(cursor === undefined ? {} : { cursor }) })
    const answer: z.infer<typeof listSchema> = await client.call({
      method: 'GET',
      path: `/v1/start-requests?${query.toString()}`,
      schema: listSchema,
      caller,
    })
    yield answer.items
    if (answer.cursor === undefined || answer.cursor === null) return
    if (answer.cursor === cursor)
      throw new Failure(EXIT.unreachable, `The list of ${day} does not go on after ${page} pages.`)
    cursor = answer.cursor
  }
  throw new Failure(EXIT.unreachable, `The list of ${day} does not end after ${MAX_PAGES} pages.`)
}
