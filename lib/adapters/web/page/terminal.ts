// The other way to decide, which needs neither this page nor trust in it.
import { html } from 'hono/html'
import type { PageWords } from '#core/language/page-words.ts'
import type { Html } from './document.ts'

/** `open`: shown at once, where there is no form. */
export function renderTerminal(id: string, mayApprove: boolean, open: boolean, { terminal }: PageWords): Html {
  const approve = html`
    <p>${terminal.key}</p>
    <pre><code>startgate approve ${id}</code></pre>
    <p>${terminal.ssh}</p>
    <pre><code>startgate approve ${id} --ssh-key ~/.ssh/id_ed25519</code></pre>
    <p>${terminal.byHand}</p>
    <pre><code>startgate statement ${id} --decision approve --out approval</code></pre>
  `
  return html`<details id="terminal" ${open ? 'open' : ''}>
    <summary>${terminal.heading}</summary>
    ${mayApprove ? approve : ''}
    <p>${terminal.deny}</p>
    <pre><code>startgate deny ${id} --reason "${terminal.denyReason}"</code></pre>
    <p class="hint">${terminal.hint}</p>
  </details>`
}
