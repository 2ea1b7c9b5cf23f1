import { html } from 'hono/html'
import type { Language } from '#core/language/language.ts'
import { PAGE_WORDS } from '#core/language/page-tables.ts'
import type { Problem } from '#core/problem.ts'
import type { Page } from './document.ts'

type Shown = Pick<Problem, 'title' | 'detail' | 'status'>

export function toProblemPage({ title, detail, status }: Shown, language: Language): Page {
  const main = html`
    <section aria-labelledby="problem">
      <p class="kicker">${status}</p>
      <h1 id="problem">${title}</h1>
      <p>${detail}</p>
      ${status === 404 ? html`<p class="hint">${PAGE_WORDS[language].problemHint}</p>` : ''}
    </section>
  `
  return { title, main, refresh: true }
}
