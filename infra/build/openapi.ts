// The description of the HTTP API that the gate serves, made once here instead of at every start.

import { existsSync } from 'node:fs'

/** An OpenAPI document as JSON data. */
export async function toOpenapi(version: string): Promise<unknown> {
  const source = new URL('../../lib/adapters/web/openapi.ts', import.meta.url)
  if (!existsSync(source)) return { openapi: '3.1.0', info: { title: 'Startgate', version }, paths: {} }
  const { toOpenapi: describe } = (await import(source.href)) as { toOpenapi: (version: string) => unknown }
  return describe(version)
}
