// What Slack lets a message be, and what people see of it.
import * as z from '#core/zod.ts'
import type { ShownButton } from './peer.ts'

/** Not published; about where Slack begins to refuse. In characters of all blocks together. */
const ALL_BLOCKS = 13_200

const text = <Type extends z.ZodMiniType>(type: Type, most: number) =>
  z.strictObject({
    type,
    text: z.string().check(z.minLength(1), z.maxLength(most), z.regex(/\S/)),
    emoji: z.optional(z.boolean()),
    verbatim: z.optional(z.boolean()),
  })
const plainText = (most: number) => text(z.literal('plain_text'), most)
const anyText = (most: number) => text(z.enum(['plain_text', 'mrkdwn']), most)
type Text = z.infer<ReturnType<typeof anyText>>

const buttonSchema = z.strictObject({
  type: z.literal('button'),
  action_id: z.string().check(z.minLength(1), z.maxLength(255)),
  text: plainText(75),
  value: z.optional(z.string().check(z.minLength(1), z.maxLength(2000))),
  url: z.optional(z.url().check(z.maxLength(3000))),
  style: z.optional(z.enum(['primary', 'danger'])),
  confirm: z.optional(
    z.strictObject({ title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) }),
  ),
})

const blockSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plainText(150) }),
  z
    .strictObject({
      type: z.literal('section'),
      text: z.optional(anyText(3000)),
      fields: z.optional(z.array(anyText(2000)).check(z.minLength(1), z.maxLength(10))),
    })
    .check(z.refine((section) => section.text !== undefined || section.fields !== undefined)),
  z.strictObject({
    type: z.literal('context'),
    elements: z.array(anyText(2000)).check(z.minLength(1), z.maxLength(10)),
  }),
  z
    .strictObject({
      type: z.literal('actions'),
      elements: z.array(buttonSchema).check(z.minLength(1), z.maxLength(25)),
    })
    .check(
      z.refine(({ elements }) => {
        return new Set(elements.map(({ action_id }) => action_id)).size === elements.length
      }),
    ),
  z.strictObject({ type: z.literal('divider') }),
])
type Block = z.infer<typeof blockSchema>
export type Blocks = readonly Block[]

/** The error is Slack's code. */
export function readBlocks(blocks: unknown): Blocks | { readonly error: string } {
  const read = z.array(blockSchema).check(z.maxLength(50)).safeParse(blocks)
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
