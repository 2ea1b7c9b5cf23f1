// What Slack lets a message be, and what people see of it.
import * as z from 'zod'
import type { ShownButton } from './peer.ts'

/** Not published; about where Slack begins to refuse. In characters of all blocks together. */
const ALL_BLOCKS = 13_200

const text = <Type extends z.ZodType>(type: Type, most: number) =>
  z.strictObject({
    type,
    text: z.string().min(1).max(most).regex(/\S/),
    emoji: z.boolean().optional(),
    verbatim: z.boolean().optional(),
  })
const plainText = (most: number) => text(z.literal('plain_text'), most)
const anyText = (most: number) => text(z.enum(['plain_text', 'mrkdwn']), most)
type Text = z.infer<ReturnType<typeof anyText>>

const buttonSchema = z.strictObject({
  type: z.literal('button'),
  action_id: z.string().min(1).max(255),
  text: plainText(75),
  value: z.string().min(1).max(2000).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: z
    .strictObject({ title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) })
    .optional(),
})

const blockSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plainText(150) }),
  z
    .strictObject({
      type: z.literal('section'),
      text: anyText(3000).optional(),
      fields: z.array(anyText(2000)).min(1).max(10).optional(),
    })
    .refine((section) => section.text !== undefined || section.fields !== undefined),
  z.strictObject({ type: z.literal('context'), elements: z.array(anyText(2000)).min(1).max(10) }),
  z
    .strictObject({ type: z.literal('actions'), elements: z.array(buttonSchema).min(1).max(25) })
    .refine(({ elements }) => {
      return new Set(elements.map(({ action_id }) => action_id)).size === elements.length
    }),
  z.strictObject({ type: z.literal('divider') }),
])
type Block = z.infer<typeof blockSchema>
export type Blocks = readonly Block[]

/** The error is Slack's code. */
export function readBlocks(blocks: unknown): Blocks | { readonly error: string } {
  const read = z.array(blockSchema).max(50).safeParse(blocks)
  if (!read.success) return { error: 'invalid_blocks' }
  return JSON.stringify(blocks).length > ALL_BLOCKS ? { error: 'msg_blocks_too_long' } : read.data
}

export function toShownText(blocks: Blocks, fallback: string): string {
  // Blocks stand in its place, but whoever it mentions is notified all the same.
  const mentions = fallback.match(/<[@#!][^>]*>/g) ?? []
  return [...blocks.flatMap(toLines), ...mentions.map((mention) => `⟦notified: ${mention.slice(1, -1)}⟧`)].join('\n')
}

export function toShownButtons(blocks: Blocks): readonly ShownButton[] {
  return blocks.flatMap((block) => (block.type === 'actions' ? block.elements : [])).map(toShownButton)
}

function toShownButton({ text: label, url, value }: z.infer<typeof buttonSchema>): ShownButton {
  const shown = { label: show(label) }
  return url === undefined ? { kind: 'tap', ...shown, value: value ?? '' } : { kind: 'link', ...shown, url }
}

function toLines(block: Block): readonly string[] {
  switch (block.type) {
    case 'header':
      return [show(block.text)]
    case 'section':
      return [...(block.text === undefined ? [] : [block.text]), ...(block.fields ?? [])].map(show)
    case 'context':
      return block.elements.map(show)
    case 'actions':
    case 'divider':
      return []
  }
}

/** What markup does stands in ⟦…⟧, or is gone like the markup itself. */
function show({ type, text: raw, emoji = true }: Text): string {
  const marked = type === 'mrkdwn' ? obeyMarkup(raw) : raw
  const named = emoji || type === 'mrkdwn' ? marked.replaceAll(/:([a-z0-9_+-]+):/g, '⟦emoji: $1⟧') : marked
  return named.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

function obeyMarkup(raw: string): string {
  return raw
    .replaceAll(/<([@#!])([^>]*)>/g, '⟦mention: $2⟧')
    .replaceAll(/<([^|>]+)\|?([^>]*)>|https?:\/\/\S+/g, (bare, url: string | undefined, label: string | undefined) =>
      url === undefined ? `⟦link to ${bare}⟧` : `⟦link to ${url}${label && `: ${label}`}⟧`,
    )
    .replaceAll(/(`{3}|[*_~`])(\S(?:.*?\S)?)\1/gs, '$2')
    .replaceAll(/^&gt; ?/gm, '⟦quoted⟧ ')
}
