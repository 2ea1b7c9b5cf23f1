// A card as people on DingTalk see it: the template that the team built, as the table of its variables describes it, filled
// with the values of an instance.
import { TEMPLATE_VARIABLES, type TemplateVariable } from '#adapters/chat/dingtalk/template.ts'
import type { ShownButton } from './peer.ts'

export interface DingtalkContent {
  readonly text: string
  readonly buttons: readonly ShownButton[]
}

/** What the template does not name is not shown; what has no value is hidden. */
export function showCard(values: Readonly<Record<string, string>>): DingtalkContent {
  const valueOf = (name: TemplateVariable): string => values[name] ?? ''
  const texts = names().flatMap((name) => {
    const { shown } = TEMPLATE_VARIABLES[name]
    if (shown === 'text') return [valueOf(name)]
    return shown === 'markdown' ? [showMarkdown(valueOf(name))] : []
  })
  const [review, url, deny, request] = (['review', 'review_url', 'deny', 'request'] as const).map(valueOf)
  return {
    text: texts.filter((text) => text !== '').join('\n'),
    buttons: [
      ...(review ? [{ kind: 'link' as const, label: review, url: url ?? '' }] : []),
      ...(deny ? [{ kind: 'tap' as const, label: deny, value: request ?? '' }] : []),
    ],
  }
}

function names(): readonly TemplateVariable[] {
  return Object.keys(TEMPLATE_VARIABLES) as TemplateVariable[]
}

/** Where a character stands that a backslash keeps from being markup, outside of what texts are written in. */
const KEPT = 0xe000

/** The text that is left; somebody who is called stands there as `[@all]`. */
function showMarkdown(markdown: string): string {
  return markdown
    .replace(/\\([!-/:-@[-`{-~])/g, (_, kept: string) => String.fromCharCode(KEPT + kept.charCodeAt(0)))
    .replace(/<at [^>]*?=?"?([^">=]*)"?>/g, '[@$1]')
    .replace(/!?\[([^\]@]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]*>/g, '')
    .replace(/^ *(#{1,6}|>|[-+*]|[0-9]+[.)]) +/gm, '')
    .replace(/(\*\*|__|~~|[*_`])/g, '')
    .replace(/&(?:#[0-9]+|[a-z]+);/g, '?')
    .replace(/\n\n+/g, '\n')
    .replace(/[\ue021-\ue07e]/g, (kept) => String.fromCharCode(kept.charCodeAt(0) - KEPT))
}
