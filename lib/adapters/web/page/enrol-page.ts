// Makes a passkey in the browser and prints the line that somebody submits to the policy. Stores and sends nothing.
import { html } from 'hono/html'
import type { Language } from '#core/language/language.ts'
import { PAGE_WORDS } from '#core/language/page-tables.ts'
import type { PageWords } from '#core/language/page-words.ts'
import type { Html, Page } from './document.ts'

/** `origin`: where passkeys count; undefined when the policy names no page. `address`: of this very page there. */
export function toEnrolPage(origin: string | undefined, address: string, language: Language): Page {
  const { enrol, enrolScript } = PAGE_WORDS[language]
  const main = html`
    <section aria-labelledby="enrol">
      <h1 id="enrol">${enrol.heading}</h1>
      <p>${enrol.what}</p>
      ${origin === undefined ? html`<p id="no-page" class="note">${enrol.noPage}</p>` : renderForm(address, enrol)}
    </section>
  `
  return {
    title: enrol.heading,
    main,
    ...(origin === undefined ? {} : { data: { page: 'enrol', words: enrolScript, origin } }),
  }
}

function renderForm(address: string, enrol: PageWords['enrol']): Html {
  return html`
    <noscript><p class="note">${enrol.noScript}</p></noscript>
    <p id="no-passkeys" class="note" hidden>${enrol.noPasskeys}</p>
    <p id="other-origin" class="note" hidden>${enrol.otherOrigin} <a href="${address}">${address}</a></p>
    <form id="make" hidden autocomplete="off">
      <label for="name">${enrol.name}</label>
      <input
        id="name"
        name="name"
        type="text"
        maxlength="63"
        autocapitalize="none"
        spellcheck="false"
        aria-describedby="name-hint"
      />
      <p id="name-hint" class="hint">${enrol.nameHint}</p>
      <div class="buttons"><button type="submit" class="yes">${enrol.make}</button></div>
    </form>
    <p id="answer" role="alert" tabindex="-1" hidden></p>
    <section id="made" aria-labelledby="made-heading" hidden>
      <h2 id="made-heading" tabindex="-1">${enrol.made}</h2>
      <h3>${enrol.line}</h3>
      <pre><code id="line" translate="no"></code></pre>
      <div class="buttons">
        <button type="button" id="copy">${enrol.copy}</button>
        <span id="copied" role="status"></span>
      </div>
      <h3>${enrol.kid}</h3>
      <p><code id="kid" translate="no"></code></p>
      <p>${enrol.next}</p>
    </section>
  `
}
