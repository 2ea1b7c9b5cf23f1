// What stands at the address of the gate itself, for who has no link.
import { html } from 'hono/html'
import type { Language } from '#core/language/language.ts'
import { PAGE_WORDS } from '#core/language/page-tables.ts'
import type { Page } from './document.ts'

export function toHomePage(language: Language): Page {
  const { home } = PAGE_WORDS[language]
  const main = html`
    <section aria-labelledby="home">
      <h1 id="home">${home.heading}</h1>
      <p>${home.what}</p>
      <p><a href="enrol">${home.enrol}</a></p>
      <p><a href="openapi.json">${home.api}</a></p>
    </section>
  `
  return { title: home.heading, main }
}
