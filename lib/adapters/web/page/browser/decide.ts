// Approve and deny. What is signed comes from the page; the person adds a name and a reason.
import type { RequestData, Signer, SigningData } from '#adapters/web/page/page-data.ts'
import { isPlainLine } from '#core/plain-text.ts'
import type { Statement } from '#core/statement.ts'
import { answer, canUsePasskeys, find, isCancelled, say } from './elements.ts'
import { signWithPasskey } from './sign.ts'

type Decision = Statement['decision']

/** Gives back whether somebody fills the form in, or reads what it answered: the page must not go away then. */
export function offerDecision(data: RequestData, signing: SigningData, onDecided: () => void): () => boolean {
  const openedAt = performance.now()
  const form = find('decide', HTMLFormElement)
  let [busy, decided] = [false, false]

  async function decide(decision: Decision): Promise<void> {
    if (busy || decided) return
    const wish = readForm(form, data, signing, decision)
    if ('problem' in wish) return answer(wish.problem, 'bad')
    busy = true
    form.classList.add('busy')
    say(data.words.working, 'busy')
    try {
      // The phone's own clock may be minutes off, and what it signed would be refused: the gate's is taken instead, from
      // when the page was made. Where a phone that sleeps stops counting, it is early, which does no harm.
      const iat = Math.floor((signing.now + performance.now() - openedAt) / 1000)
      const said = await send(data, signing, wish, decision, iat)
      decided = said.done
      form.hidden = decided
      answer(said.text, said.done ? 'good' : 'bad')
      onDecided()
    } finally {
      busy = false
      form.classList.remove('busy')
    }
  }

  if (canUsePasskeys(signing.origin)) {
    form.hidden = false
    form.addEventListener('submit', (event) => event.preventDefault())
    for (const decision of ['approve', 'deny'] as const)
      document.getElementById(decision)?.addEventListener('click', () => void decide(decision))
  }
  return () => busy || isFilledIn(form) || !find('answer', HTMLElement).hidden
}

interface Wish {
  readonly signer: Signer
  readonly reason: string | undefined
}

function readForm(
  form: HTMLFormElement,
  { words }: RequestData,
  { signers, confirm }: SigningData,
  decision: Decision,
): Wish | { readonly problem: string } {
  const fields = new FormData(form)
  const text = (name: string): string => {
    const value = fields.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const signer = signers.find(({ name }) => name === text('approver'))
  const reason = text('reason').replace(/\s+/g, ' ')
  if (signer === undefined) return { problem: words.chooseName }
  if (decision === 'approve' && signer.saidYes) return { problem: words.alreadySaidYes }
  if (decision === 'deny' && reason === '') return { problem: words.reasonMissing }
  if (!isPlainLine(reason)) return { problem: words.reasonNotPlain }
  if (decision === 'approve' && confirm !== undefined && text('confirm') !== confirm)
    return { problem: words.notConfirmed }
  return { signer, reason: reason === '' ? undefined : reason }
}

interface Said {
  readonly text: string
  /** Recorded; otherwise the form stays as it was. */
  readonly done: boolean
}

async function send(
  { id, language, words }: RequestData,
  { audience, digest, says }: SigningData,
  { signer, reason }: Wish,
  decision: Decision,
  iat: number,
): Promise<Said> {
  const statement: Statement = {
    v: 1,
    audience,
    decision,
    proposal: digest,
    approver: signer.name,
    says,
    iat,
    ...(reason === undefined ? {} : { reason }),
  }
  const evidence = await signWithPasskey(statement, signer.passkeys).catch((error: unknown) => error)
  if (evidence instanceof Error)
    return {
      text: isCancelled(evidence) ? words.cancelled : words.passkeyFailed.replace('{error}', evidence.name),
      done: false,
    }
  try {
    const response = await fetch(`../v1/start-requests/${id}/decisions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': language },
      body: JSON.stringify({ decision, evidence }),
    })
    const body = (await response.json()) as { readonly detail?: string; readonly outcome?: 'stopped' | 'too_late' }
    if (!response.ok) return { text: body.detail ?? words.unreachable, done: false }
    if (decision === 'approve') return { text: words.approved, done: true }
    return { text: body.outcome === 'stopped' ? words.stopped : words.tooLate, done: true }
  } catch {
    return { text: words.unreachable, done: false }
  }
}

/** One who can decide alone is chosen from the start; that is not yet using it. */
function isFilledIn(form: HTMLFormElement): boolean {
  const inputs = [...form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')]
  const isChanged = (input: HTMLInputElement | HTMLTextAreaElement): boolean =>
    input instanceof HTMLInputElement && input.type === 'radio'
      ? input.checked !== input.defaultChecked
      : input.value !== ''
  return form.contains(document.activeElement) || inputs.some(isChanged)
}
