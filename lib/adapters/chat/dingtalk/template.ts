// The card. DingTalk shows a template that the team builds and publishes on its card platform, filled with the values of
// these variables; all of them are texts. The template says nothing by itself, so that it never has to be built anew.
import { cut, fit } from '#adapters/chat/fit.ts'
import type { Card, CardButton } from '#core/card.ts'
import type { Language } from '#core/language/language.ts'
import { toPlain } from '#core/plain-text.ts'

/** The id of the action of the deny button, as the template has to name it. */
export const DENY = 'deny'

/**
 * What the template has to show, from top to bottom. `text`: in a text component. `markdown`: in a Markdown component; it
 * comes escaped. A component whose value is empty is hidden.
 */
export const TEMPLATE_VARIABLES = {
  title: { shown: 'text', what: 'What the card is about.' },
  headline: { shown: 'text', what: 'How it stands, and what to do next.' },
  warnings: { shown: 'markdown', what: 'One paragraph each.' },
  facts: { shown: 'markdown', what: 'One paragraph each, a label and a value.' },
  footer: { shown: 'text', what: 'Which request, and up to where of its record; small.' },
  review: { shown: 'button', what: 'The label of the button that opens `review_url`.' },
  review_url: { shown: 'link', what: 'Where the button `review` leads.' },
  deny: { shown: 'button', what: 'The label of the button that calls back with the action `deny` and `request`.' },
  request: { shown: 'parameter', what: 'Goes back with the button `deny`, as the parameter `request`.' },
} as const satisfies Readonly<Record<string, { readonly shown: string; readonly what: string }>>

export type TemplateVariable = keyof typeof TEMPLATE_VARIABLES

type Values = Readonly<Record<TemplateVariable, string>>

const COLONS = { en: ': ', zh: '：' } as const satisfies Record<Language, string>

/** All values together, as JSON. DingTalk documents this for the values of a robot's message, and nothing for a card's. */
const MOST_BYTES = 15_000

export function fillTemplate(card: Card): Values {
  return fit(
    (each) => layOut(card, each),
    (values) => Buffer.byteLength(JSON.stringify(values)) <= MOST_BYTES,
  )
}

/** Each value is `each` long at most, so that none hides what stands below it. */
function layOut(card: Card, each: number): Values {
  const review = card.buttons.find(isKind('review'))
  const deny = card.buttons.find(isKind('deny'))
  const toText = (value: string): string => cut(toLine(value), each)
  // What somebody else wrote, as itself: no link, no markup, no HTML, and no mention, which is `<at …>` in a card.
  const toMarkdown = (value: string): string => cut(toLine(value), each, escapeMarkdown)
  return {
    title: toText(card.title),
    headline: toText(card.headline),
    // What begins each paragraph is ours, so that nothing in it can be a heading, a list or a quotation.
    warnings: card.warnings.map((warning) => `⚠ ${toMarkdown(warning)}`).join('\n\n'),
    facts: card.facts
      .map(({ label, value }) => `${toMarkdown(label)}${COLONS[card.language]}${toMarkdown(value)}`)
      .join('\n\n'),
    footer: toText(card.footer),
    review: review?.label ?? '',
    review_url: review?.url ?? '',
    deny: deny?.label ?? '',
    request: card.request,
  }
}

function escapeMarkdown(character: string): string {
  return MARKUP.test(character) ? `\\${character}` : character
}

const MARKUP = /^[\\`*_~[\]()<>#|!&]$/

function toLine(value: string): string {
  return toPlain(value.replaceAll(/\s+/g, ' ').trim())
}

function isKind<K extends CardButton['kind']>(kind: K) {
  return (button: CardButton): button is Extract<CardButton, { kind: K }> => button.kind === kind
}
