// A card as Feishu lays it out: card JSON 2.0, every text in a `plain_text` element, where no markup and no mention means
// anything. Plain texts are cards too: in a text message `<at user_id="all">` would call everybody, and it cannot become a card.
import { cut, fit } from '#adapters/chat/fit.ts'
import type { Card, CardButton, ChatMessage } from '#core/card.ts'
import type { Language } from '#core/language/language.ts'
import { toPlain } from '#core/plain-text.ts'
import type { RequestId } from '#core/request-id.ts'

/** Feishu takes 30 KB, the rest of the call included. */
const MOST_BYTES = 28_000
/** Small enough even if each character takes the four bytes that a quote takes in JSON within JSON. */
const LONGEST_TEXT = 6000

const TEMPLATES = {
  waiting: 'orange',
  under_way: 'blue',
  good: 'green',
  bad: 'red',
  over: 'grey',
} as const satisfies Record<Card['tone'], string>

const COLONS = { en: ': ', zh: '：' } as const satisfies Record<Language, string>

/** The `content` of a message of type `interactive`. */
export function toContent(message: ChatMessage): string {
  const fits = (content: string): boolean => Buffer.byteLength(JSON.stringify(content)) <= MOST_BYTES
  return message.kind === 'text'
    ? JSON.stringify(layOutText(message.text))
    : fit((each) => JSON.stringify(layOutCard(message.card, each)), fits)
}

/** Shared with everybody who sees it: only such a card can be changed later. */
const CONFIG = { update_multi: true }

function layOutText(text: string): object {
  const lines = text.split('\n').map(toPlain).join('\n')
  return { schema: '2.0', config: CONFIG, body: { elements: [{ tag: 'div', text: say(cut(lines, LONGEST_TEXT)) }] } }
}

/** `each`: how long one value may be. A line break in one would make it look like two, and is shown as a mark. */
function layOutCard(card: Card, each: number): object {
  const shorten = (text: string): string => cut(toPlain(text), each)
  const line = (text: string, look: object = {}): object => ({ tag: 'div', text: { ...say(text), ...look } })
  const title = shorten(card.title)
  return {
    schema: '2.0',
    config: { ...CONFIG, summary: { content: title } },
    header: { title: say(title), template: TEMPLATES[card.tone] },
    body: {
      elements: [
        line(shorten(card.headline)),
        ...card.warnings.map((warning) => line(`⚠ ${shorten(warning)}`, { text_color: 'red' })),
        ...card.facts.map(({ label, value }) => line(`${shorten(label)}${COLONS[card.language]}${shorten(value)}`)),
        ...toRow(card.buttons.map((button) => toButton(button, card.request))),
        line(shorten(card.footer), { text_size: 'notation', text_color: 'grey' }),
      ],
    },
  }
}

function toRow(buttons: readonly object[]): readonly object[] {
  const columns = buttons.map((button) => ({ tag: 'column', width: 'auto', elements: [button] }))
  return columns.length === 0 ? [] : [{ tag: 'column_set', flex_mode: 'flow', columns }]
}

function toButton(button: CardButton, request: RequestId): object {
  const text = say(button.label)
  switch (button.kind) {
    case 'review':
      return { tag: 'button', text, type: 'primary', behaviors: [{ type: 'open_url', default_url: button.url }] }
    case 'deny':
      return {
        tag: 'button',
        text,
        type: 'danger',
        confirm: { title: text, text: say(button.confirm) },
        behaviors: [{ type: 'callback', value: { startgate: 'deny', request } }],
      }
  }
}

function say(content: string): object {
  return { tag: 'plain_text', content }
}
