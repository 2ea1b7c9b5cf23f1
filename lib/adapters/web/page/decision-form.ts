// Approve or deny with a passkey. Hidden until the script has found that it can work: without it nothing could be signed.
import { html } from 'hono/html'
import type { PageWords } from '#core/language/page-words.ts'
import type { Html } from './document.ts'
import type { Signer } from './page-data.ts'

export interface Choice {
  readonly may: 'all' | 'deny' | 'nothing'
  readonly signers: readonly Signer[]
  /** Where passkeys count; undefined when the policy names no page. */
  readonly origin: string | undefined
  /** The address of this very page there. */
  readonly address: string
  readonly wipes: boolean
}

export function renderDecision(choice: Choice, words: PageWords): Html {
  const { signers, origin, address } = choice
  const { form } = words
  if (origin === undefined || signers.length === 0) {
    return html`<section aria-labelledby="decision">
      <h2 id="decision">${form.heading}</h2>
      <p id="nobody" class="note">${form.nobody}</p>
      ${origin === undefined ? '' : renderEnrol(words)}
    </section>`
  }
  return html`<section aria-labelledby="decision">
    <h2 id="decision">${form.heading}</h2>
    <noscript><p class="note">${form.noScript}</p></noscript>
    <p id="no-passkeys" class="note" hidden>${form.noPasskeys}</p>
    <p id="other-origin" class="note" hidden>${form.otherOrigin} <a href="${address}">${address}</a></p>
    ${renderForm(choice, words)}
    <p id="answer" role="alert" tabindex="-1" hidden></p>
    ${renderEnrol(words)}
  </section>`
}

function renderEnrol({ form }: PageWords): Html {
  return html`<p class="hint">${form.notListed} <a href="../enrol">${form.enrol}</a></p>`
}

function renderForm({ signers, may, wipes }: Choice, { form }: PageWords): Html {
  return html`<form id="decide" hidden autocomplete="off">
    <fieldset>
      <legend>${form.who}</legend>
      ${signers.map(
        ({ name, saidYes }) =>
          html`<label class="choice">
            <input type="radio" name="approver" value="${name}" ${signers.length === 1 ? 'checked' : ''} />
            <span><b>${name}</b>${saidYes ? html` <small>${form.saidYes}</small>` : ''}</span>
          </label>`,
      )}
    </fieldset>
    <label for="reason">${form.reason}</label>
    <textarea id="reason" name="reason" rows="2" maxlength="500" aria-describedby="reason-hint"></textarea>
    <p id="reason-hint" class="hint">${form.reasonHint}</p>
    ${
      wipes && may === 'all'
        ? html`<label for="confirm" class="grave">${form.confirm}</label>
            <input id="confirm" name="confirm" type="text" autocapitalize="none" spellcheck="false" />`
        : ''
    }
    ${may === 'all' ? '' : html`<p class="note">${form.tooLateToApprove}</p>`}
    <div class="buttons">
      ${may === 'all' ? html`<button type="button" id="approve" class="yes">${form.approve}</button>` : ''}
      <button type="button" id="deny" class="no">${form.deny}</button>
    </div>
  </form>`
}
