// The gate from outside, as anybody may look at it: its domain, its certificate, and what it says of itself.
import type { SeenFront } from '#core/doctor/seen.ts'
import { SECOND } from '#core/durations.ts'
import { parseJson } from '#core/json.ts'
import * as z from '#core/zod.ts'
import { sayCause } from '#lib/cli/client.ts'
import type { Io } from '#lib/cli/io.ts'

const TIMEOUT = 30 * SECOND

const healthSchema = z.object({ healthy: z.boolean(), problems: z.array(z.string()) })

export async function openFront(io: Io, url: URL): Promise<SeenFront> {
  const { origin } = url
  try {
    const response = await io.fetch(new URL('/healthz', url), {
      method: 'GET',
      // Whether the platform would hand the function's log out to a caller who asks for it.
      headers: { accept: 'application/json', 'x-fc-log-type': 'Tail' },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    })
    const health = healthSchema.safeParse(parseJson(await response.text())).data
    return {
      url: origin,
      answer: { ok: { status: response.status, headers: Object.fromEntries(response.headers), health } },
    }
  } catch (error) {
    return { url: origin, answer: { failure: sayCause(error) } }
  }
}
