// One request as people see it: the view, laid out. What it says comes from the view; only headings and hints are here.
import { html } from 'hono/html'
import { toYeses } from '#core/asks.ts'
import { LANGUAGE_TAGS, type Language } from '#core/language/language.ts'
import { PAGE_WORDS } from '#core/language/page-tables.ts'
import type { PageWords } from '#core/language/page-words.ts'
import type { Policy } from '#core/policy.ts'
import type { Head } from '#core/row.ts'
import { lacksOwnTool } from '#core/rule.ts'
import type { View } from '#core/view.ts'
import { toReadableInstant } from '#core/words.ts'
import type { Loaded } from '#flow/load.ts'
import { renderDecision, type Choice } from './decision-form.ts'
import type { Html, Page } from './document.ts'
import type { RequestData } from './page-data.ts'
import { listSigners } from './signers.ts'
import { renderTerminal } from './terminal.ts'

interface Shown extends Pick<Loaded, 'proposal' | 'asks'> {
  readonly view: View
  readonly policy: Policy
  readonly now: number
  /** Where the gate is reached. */
  readonly url: string
}

export function toRequestPage(shown: Shown, language: Language): Page {
  const { view, proposal, policy, asks, now, url } = shown
  const words = PAGE_WORDS[language]
  const { request, instance, rule } = proposal
  const may = mayDecide(view, asks.fault !== undefined)
  const missesOwnTool = may === 'all' && lacksOwnTool(rule, toYeses(asks))
  const origin = policy.page?.origin
  const signers = may === 'nothing' ? [] : listSigners(policy, view.approvals, now)
  const address = `${url}/r/${view.id}`
  const choice: Choice = { may, signers, origin, address, wipes: request.initLocalDisk }
  const noForm = signers.length === 0 || origin === undefined
  const byTerminal = { id: view.id, audience: proposal.audience, url, mayApprove: may === 'all', open: noForm }
  const name = instance.name === '' ? request.instanceId : instance.name
  const main = html`
    <section class="subject" aria-labelledby="subject">
      <p class="kicker">${request.dryRun ? words.request.dryRun : words.request.start}</p>
      <h1 id="subject"><bdi>${name}</bdi></h1>
      ${name === request.instanceId ? '' : html`<p><code>${request.instanceId}</code></p>`}
      <p id="state" class="state" data-state="${view.state}" role="status" tabindex="-1">
        <strong id="state-word">${words.states[view.state]}</strong>
        <span id="headline">${view.headline}</span>
      </p>
      <p id="connection" class="hint" role="status"></p>
    </section>
    ${renderWarnings(view, words)}
    <section aria-labelledby="facts">
      <h2 id="facts">${view.final ? words.request.factsOver : words.request.facts}</h2>
      <dl>${view.facts.map(renderFact(proposal))}</dl>
    </section>
    ${renderApprovals(view, choice, missesOwnTool, words)} ${renderSigning(view, words)}
    ${may === 'nothing' ? '' : renderDecision(choice, words)}
    ${may === 'nothing' ? '' : renderTerminal(byTerminal, words)} ${renderTimeline(view, words)}
  `
  const data: RequestData = {
    page: 'request',
    language: LANGUAGE_TAGS[language],
    words: words.decideScript,
    id: view.id,
    state: view.state,
    final: view.final,
    heads: view.heads,
    ...(origin === undefined || signers.length === 0
      ? {}
      : {
          signing: {
            origin,
            now,
            audience: proposal.audience,
            digest: view.digest,
            says: view.says,
            signers,
            ...(request.initLocalDisk ? { confirm: request.instanceId } : {}),
          },
        }),
  }
  return { title: `${name}: ${words.states[view.state]}`, main, data, refresh: true }
}

/** A yes helps until something was sent; a no may be in time until it is known how that ended. */
function mayDecide({ state }: View, isFaulty: boolean): Choice['may'] | 'nothing' {
  switch (state) {
    case 'pending':
    case 'ready':
    case 'waiting':
      return isFaulty ? 'deny' : 'all'
    case 'starting':
      return 'deny'
    default:
      return 'nothing'
  }
}

function renderWarnings({ warnings }: View, words: PageWords): Html | '' {
  if (warnings.length === 0) return ''
  return html`<section class="warnings" aria-labelledby="warnings">
    <h2 id="warnings">${words.request.warnings}</h2>
    <ul>
      ${warnings.map(({ key, text }) => html`<li class="${key === 'init_local_disk' ? 'grave' : ''}">${text}</li>`)}
    </ul>
  </section>`
}

function renderFact({ request }: Loaded['proposal']): (fact: View['facts'][number]) => Html {
  const instants: Partial<Record<string, number | null>> = { not_before: request.notBefore, expires: request.expiresAt }
  return ({ key, label, value }) => {
    const at = instants[key]
    return html`<div id="fact-${key}">
      <dt>${label}</dt>
      <dd dir="auto">${typeof at === 'number' ? renderInstant(at, value) : value}</dd>
    </div>`
  }
}

function renderInstant(at: number, text = toReadableInstant(at)): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${text}</time>`
}

function renderApprovals(
  { approvals, final }: View,
  { may, signers }: Choice,
  missesOwnTool: boolean,
  words: PageWords,
): Html {
  const { needed, by, open, groups } = approvals
  const { canSay, canSayInTerminal } = words.request
  const sayHow = (name: string): string => {
    if (may !== 'all') return ''
    return signers.some((signer) => signer.name === name) ? canSay : canSayInTerminal
  }
  return html`<section aria-labelledby="approvals">
    <h2 id="approvals">${final ? words.request.approvalsOver : words.request.approvals}</h2>
    <p>${words.request.count(by.length, needed)}</p>
    <ul class="people">
      ${by.map((name) => html`<li class="yes"><b>${name}</b> <span>${words.request.saidYes}</span></li>`)}
      ${final ? '' : open.map((name) => html`<li><b>${name}</b> <span>${sayHow(name)}</span></li>`)}
    </ul>
    ${
      final
        ? ''
        : groups.map(({ group, approvers }) => html`<p class="hint">${words.request.missing(group, approvers)}</p>`)
    }
    ${missesOwnTool ? html`<p id="own-tool" class="note">${words.request.ownTool}</p>` : ''}
  </section>`
}

function renderSigning({ says, digest, final }: View, words: PageWords): Html {
  return html`<section aria-labelledby="signing">
    <h2 id="signing">${final ? words.signing.headingOver : words.signing.heading}</h2>
    <p class="says" id="says" translate="no">${says}</p>
    <details>
      <summary>${words.signing.digest} <code>${digest.slice(0, 16)}…</code></summary>
      <p><code id="digest">${digest}</code></p>
    </details>
    <p class="hint">${words.signing.hint}</p>
  </section>`
}

function renderTimeline({ timeline, heads }: View, words: PageWords): Html {
  const headOf = (book: string, { n, hash }: Head): string => `${book}:${n}:${hash}`
  return html`<section aria-labelledby="timeline">
    <h2 id="timeline">${words.request.timeline}</h2>
    <ol>
      ${timeline.map(
        ({ at, who, what }) =>
          html`<li>
            ${renderInstant(at)} <span class="event"><b>${who}</b> <bdi>${what}</bdi></span>
          </li>`,
      )}
    </ol>
    <h3>${words.request.record}</h3>
    <p class="heads">
      <code id="head-asks">${headOf('asks', heads.asks)}</code>
      <code id="head-runs">${headOf('runs', heads.runs)}</code>
    </p>
    <p class="hint">${words.request.recordHint}</p>
  </section>`
}
