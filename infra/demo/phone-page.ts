// The page of a request as a phone has it: what a person reads there, and what the page's own script would have signed.
import * as z from '#core/zod.ts'
import { Deviation } from './deviation.ts'

const dataSchema = z.object({
  signing: z.object({
    now: z.number(),
    audience: z.string(),
    digest: z.string(),
    says: z.string(),
    signers: z.array(z.object({ name: z.string(), passkeys: z.array(z.string()) })),
  }),
})

export interface PhonePage {
  /** The text of the element with this id. */
  readonly text: (id: string) => string
  readonly signing: z.infer<typeof dataSchema>['signing']
}

export async function openPage(url: string): Promise<PhonePage> {
  const response = await fetch(url, { headers: { accept: 'text/html', 'accept-language': 'en' } })
  const markup = await response.text()
  const data = /<body data-page="([^"]*)"/.exec(markup)?.[1]
  if (!response.ok || data === undefined) throw new Deviation(`the page answers ${response.status}`)
  return {
    text: (id) => toText(new RegExp(`<(\\w+)[^>]*\\bid="${id}"[^>]*>(.*?)</\\1>`, 's').exec(markup)?.[2] ?? ''),
    signing: dataSchema.parse(JSON.parse(decode(data))).signing,
  }
}

function toText(markup: string): string {
  return decode(markup.replaceAll('</dt>', ':').replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim()
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', '#39': "'", lt: '<', gt: '>', amp: '&' }

function decode(text: string): string {
  return text.replaceAll(/&(quot|#39|lt|gt|amp);/g, (entity, name: string) => ENTITIES[name] ?? entity)
}
