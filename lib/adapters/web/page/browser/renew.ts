// Brings the page to what a fresh load of it would show, while the state line and the answer stay where they are: somebody
// may be hearing them, or have the keyboard there.
import type { RequestData } from '#adapters/web/page/page-data.ts'
import { find } from './elements.ts'
import { showLocalTimes } from './local-times.ts'

export interface FreshPage {
  readonly document: Document
  readonly data: RequestData
}

/** What the address of the page shows now, in the language of the address. Rejects where it shows no request. */
export async function fetchPage(timeout: number): Promise<FreshPage> {
  const document = await fetchDocument(timeout)
  const data = JSON.parse(document.body.dataset['page'] ?? 'null') as FreshPage['data'] | null
  if (data?.page !== 'request') throw new Error('there is no request on the page')
  showLocalTimes(data, document)
  return { document, data }
}

/** With the one way to parse markup that needs no trust in it: nothing of what is parsed runs. */
function fetchDocument(timeout: number): Promise<Document> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    const fail = (): void => reject(new Error('the page was not fetched'))
    call.addEventListener('load', () => (call.responseXML === null ? fail() : resolve(call.responseXML)))
    for (const end of ['error', 'timeout'] as const) call.addEventListener(end, fail)
    call.open('GET', location.href)
    call.responseType = 'document'
    call.timeout = timeout
    call.send()
  })
}

/** What somebody fills in stays until the request is final: after that there is nothing to decide. */
export function renew({ document: fresh, data }: FreshPage): void {
  document.title = fresh.title
  renewState(fresh)
  if (data.final) return renewAll(fresh)
  for (const name of ['approvals', 'timeline']) findSection(document, name)?.replaceWith(findSection(fresh, name) ?? '')
}

function renewState(fresh: Document): void {
  find('state', HTMLElement).dataset['state'] = fresh.getElementById('state')?.dataset['state'] ?? ''
  for (const id of ['state-word', 'headline'])
    find(id, HTMLElement).textContent = fresh.getElementById(id)?.textContent ?? ''
}

function renewAll(fresh: Document): void {
  const subject = findSection(document, 'subject')
  const answer = document.getElementById('answer')
  const answered = answer === null || answer.hidden ? null : answer.closest('section')
  const used = document.activeElement
  const old = [...listChildren(subject?.parentElement), ...listChildren(answered)]
  const kept: readonly unknown[] = [subject, answered, answer, answered?.querySelector('h2')]
  for (const element of old) if (!kept.includes(element)) element.remove()

  let last: Element | null = subject
  for (const section of listChildren(fresh.querySelector('main')).slice(1)) {
    if (answered !== null && section === findSection(fresh, 'timeline')) last = answered
    last?.after(section)
    last = section
  }
  if (used !== null && !used.isConnected) find('state', HTMLElement).focus()
}

/** As they are now, whatever is removed or added later. */
function listChildren(parent: Element | null | undefined): readonly Element[] {
  return [...(parent?.children ?? [])]
}

function findSection(within: Document, heading: string): Element | null {
  return within.querySelector(`section[aria-labelledby="${heading}"]`)
}
