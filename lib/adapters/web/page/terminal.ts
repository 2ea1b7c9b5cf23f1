// The other way to decide, which needs neither this page nor trust in it.
import { html } from 'hono/html'
import type { PageWords } from '#core/language/page-words.ts'
import { toSshNamespace } from '#core/statement.ts'
import type { Html } from './document.ts'

export interface ByTerminal {
  readonly id: string
  readonly audience: string
  /** Where the gate is reached. */
  readonly url: string
  readonly mayApprove: boolean
  /** Shown at once, where there is no form. */
  readonly open: boolean
}

export function renderTerminal({ id, audience, url, mayApprove, open }: ByTerminal, { terminal }: PageWords): Html {
  const at = `--url ${url}`
  const byHand = [
    `startgate statement ${id} --decision approve --out approval ${at}`,
    `ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n ${toSshNamespace(audience)} approval`,
    `startgate approve ${id} --signature approval.sig ${at}`,
  ]
  const approve = html`
    <p>${terminal.key}</p>
    <pre><code>startgate approve ${id} ${at}</code></pre>
    <p>${terminal.ssh}</p>
    <pre><code>startgate approve ${id} --ssh-key ~/.ssh/id_ed25519 ${at}</code></pre>
    <p>${terminal.byHand}</p>
    ${byHand.map((line) => html`<pre><code>${line}</code></pre>`)}
  `
  return html`<details id="terminal" ${open ? 'open' : ''}>
    <summary>${terminal.heading}</summary>
    ${mayApprove ? approve : ''}
    <p>${terminal.deny}</p>
    <pre><code>startgate deny ${id} --reason "${terminal.denyReason}" ${at}</code></pre>
    <p class="hint">${terminal.hint}</p>
  </details>`
}
