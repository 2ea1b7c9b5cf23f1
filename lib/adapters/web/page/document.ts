// The frame of every page: one style, one script, each allowed by its hash and nothing else.
import { createHash } from 'node:crypto'
import { html } from 'hono/html'
import { LANGUAGE_TAGS, type Language } from '#core/language/language.ts'
import { PAGE_WORDS } from '#core/language/page-tables.ts'
import { replaceHidden } from '#core/plain-text.ts'
import type { PageData } from './page-data.ts'

export type Html = ReturnType<typeof html>

/** Texts that the build made. Neither may hold what would end its own element. */
export interface PageAssets {
  readonly script: string
  readonly style: string
}

export interface Page {
  readonly title: string
  readonly main: Html
  readonly data?: PageData
  readonly refresh?: boolean
}

export function toPolicyHeader({ script, style }: PageAssets): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

const OTHER = { en: { language: 'zh', name: '中文' }, zh: { language: 'en', name: 'English' } } as const

export async function renderDocument(page: Page, language: Language, { script, style }: PageAssets): Promise<string> {
  const other = OTHER[language]
  const tag = LANGUAGE_TAGS[other.language]
  const before = html`<!doctype html>
    <html lang="${LANGUAGE_TAGS[language]}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <title>${page.title} · Startgate</title>
        <style>`
  const after = html`</style>
      </head>
      <body data-page="${JSON.stringify(page.data ?? null)}">
        <header>
          <span class="brand" translate="no">Startgate</span>
          <nav>
            ${page.refresh ? html`<a id="refresh" href="">${PAGE_WORDS[language].refresh}</a>` : ''}
            <a id="language" href="?lang=${tag}" lang="${tag}" hreflang="${tag}">${other.name}</a>
          </nav>
        </header>
        <main>${page.main}</main>
        <script>`
  const end = html`</script>
      </body>
    </html> `
  const parts = await Promise.all([before, after, end])
  const [head, body, foot] = parts.map((part) => toVisible(String(part)))
  return `${head}${style}${body}${script}${foot}`
}

/** Whoever named an instance or wrote a reason must not hide or turn around what stands beside it. */
function toVisible(markup: string): string {
  return replaceHidden(markup, (character) => (character === '\n' ? '\n' : '\uFFFD'))
}
