// Messages as people on Feishu see them. A card of JSON 2.0 with a member that Feishu does not know is refused, as there.
import { parseJson } from '#core/json.ts'
import * as z from '#core/zod.ts'
import type { ShownButton } from './peer.ts'

/** What a message says, whatever it was sent as. */
export interface FeishuContent {
  readonly text: string
  readonly buttons: readonly ShownButton[]
}

const textSchema = z.strictObject({
  tag: z.enum(['plain_text', 'lark_md']),
  content: z.string(),
  text_size: z.optional(z.string()),
  text_color: z.optional(z.string()),
})

const buttonSchema = z.strictObject({
  tag: z.literal('button'),
  text: textSchema,
  type: z.enum(['default', 'primary', 'danger']),
  confirm: z.optional(z.strictObject({ title: textSchema, text: textSchema })),
  behaviors: z.tuple([
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('open_url'), default_url: z.url() }),
      z.strictObject({
        type: z.literal('callback'),
        value: z.strictObject({ startgate: z.literal('deny'), request: z.string() }),
      }),
    ]),
  ]),
})

const columnsSchema = z.strictObject({
  tag: z.literal('column_set'),
  flex_mode: z.enum(['none', 'stretch', 'flow', 'bisect', 'trisect']),
  columns: z.array(
    z.strictObject({
      tag: z.literal('column'),
      width: z.enum(['auto', 'weighted']),
      elements: z.array(buttonSchema),
    }),
  ),
})

const cardSchema = z.strictObject({
  schema: z.literal('2.0'),
  // Of JSON 2.0 there are shared cards only.
  config: z.strictObject({
    update_multi: z.literal(true),
    summary: z.optional(z.strictObject({ content: z.string() })),
  }),
  header: z.optional(z.strictObject({ title: textSchema, template: z.string() })),
  body: z.strictObject({
    elements: z.array(
      z.discriminatedUnion('tag', [z.strictObject({ tag: z.literal('div'), text: textSchema }), columnsSchema]),
    ),
  }),
})

/** Undefined for content that Feishu refuses. */
export function readContent(type: string, content: string): FeishuContent | undefined {
  const json = parseJson(content)
  switch (type) {
    case 'text': {
      const message = z.strictObject({ text: z.string() }).safeParse(json).data
      return message && { text: showMarkup(message.text), buttons: [] }
    }
    case 'interactive': {
      const card = cardSchema.safeParse(json).data
      return card && showCard(card)
    }
    default:
      return undefined
  }
}

function showCard({ header, body }: z.infer<typeof cardSchema>): FeishuContent {
  const lines = body.elements.flatMap((element) => (element.tag === 'div' ? [showText(element.text)] : []))
  const buttons = body.elements.flatMap((element) =>
    element.tag === 'column_set' ? element.columns.flatMap((column) => column.elements.map(showButton)) : [],
  )
  return { text: [...(header === undefined ? [] : [showText(header.title)]), ...lines].join('\n'), buttons }
}

function showButton({ text, behaviors: [behavior] }: z.infer<typeof buttonSchema>): ShownButton {
  const label = showText(text)
  return behavior.type === 'open_url'
    ? { kind: 'link', label, url: behavior.default_url }
    : { kind: 'tap', label, value: behavior.value.request }
}

function showText({ tag, content }: z.infer<typeof textSchema>): string {
  return tag === 'lark_md' ? showMarkup(content) : content
}

/** Somebody who is called stands there as people see it: `[@all]`. */
function showMarkup(text: string): string {
  return text
    .replace(/<at (?:user_id|id)="?([^">]*)"?>.*?<\/at>/gs, '[@$1]')
    .replace(/\[([^\]@]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*|<[^>]*>/g, '')
}
