// The page as somebody gets it, taken apart without a browser.
import type { PageData } from '#adapters/web/page/page-data.ts'
import { createSoftPasskey } from '#infra/local/soft-passkey.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { PUBLIC_URL, type TestGate } from './gate.ts'

export interface OpenedPage {
  readonly response: Response
  readonly markup: string
  /** What a reader sees, script and style apart, with single blanks. */
  readonly text: string
  /** The element's text, or undefined where the page has none with this id. */
  readonly textOf: (id: string) => string | undefined
  readonly has: (id: string) => boolean
  readonly data: PageData | null
}

export async function open(gate: TestGate, path: string, headers: Record<string, string> = {}): Promise<OpenedPage> {
  const response = await gate.app.request(path, { headers })
  const markup = await response.text()
  const textOf = (id: string): string | undefined => {
    const found = new RegExp(`<(\\w+)[^>]*\\sid="${id}"[^>]*>(.*?)</\\1>`, 's').exec(markup)?.[2]
    return found === undefined ? undefined : toText(found)
  }
  return {
    response,
    markup,
    text: toText(markup),
    textOf,
    has: (id) => markup.includes(` id="${id}"`),
    data: JSON.parse(decode(/<body data-page="([^"]*)"/.exec(markup)?.[1] ?? 'null')) as PageData | null,
  }
}

/** As a browser shows it: blanks of any kind and number are one. */
export function toText(markup: string): string {
  const shown = markup.replaceAll(/<(script|style)>.*?<\/\1>/gs, ' ').replaceAll(/<[^>]*>/g, ' ')
  return decode(shown).replaceAll(/\s+/g, ' ').trim()
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', '#39': "'", lt: '<', gt: '>', amp: '&' }

function decode(text: string): string {
  return text.replaceAll(/&(quot|#39|lt|gt|amp);/g, (entity, name: string) => ENTITIES[name] ?? entity)
}

export const PASSKEYS = {
  bob: createSoftPasskey({ origin: PUBLIC_URL }),
  carol: createSoftPasskey({ origin: PUBLIC_URL }),
}

/** The team with a page; bob and carol hold passkeys, carol's with these members added. */
export function pagePolicy(carol: object = {}) {
  const document = teamDocument()
  const people = { ...(document['people'] as Record<string, { keys: readonly object[] }>) }
  people['bob'] = { keys: [...(people['bob']?.keys ?? []), PASSKEYS.bob.policyKey] }
  people['carol'] = { keys: [...(people['carol']?.keys ?? []), { ...PASSKEYS.carol.policyKey, ...carol }] }
  return teamPolicy({ ...document, page: { origin: PUBLIC_URL }, people })
}
