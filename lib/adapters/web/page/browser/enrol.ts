// Makes a passkey on this device and shows the line for the policy. Nothing leaves the page.
import { bufferToBase64URLString, startRegistration } from '@simplewebauthn/browser'
import type { EnrolData } from '#adapters/web/page/page-data.ts'
import { answer, canUsePasskeys, find, isCancelled } from './elements.ts'
import { ALGORITHMS, toPolicyLine, type PolicyLine } from './policy-line.ts'

const NAME = /^[a-z][a-z0-9-]{0,62}$/

export function offerEnrolment({ words, origin }: EnrolData): void {
  if (!canUsePasskeys(origin)) return
  const form = find('make', HTMLFormElement)
  let busy = false
  form.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!busy) void enrol(find('name', HTMLInputElement).value.trim())
  })
  find('copy', HTMLElement).addEventListener('click', () => void copy())

  async function enrol(name: string): Promise<void> {
    if (!NAME.test(name)) return answer(words.badName, 'bad')
    busy = true
    try {
      const made = await makePasskey(name)
      if (made === undefined) return answer(words.unknownKey, 'bad')
      find('line', HTMLElement).textContent = made.line
      find('kid', HTMLElement).textContent = made.kid
      form.hidden = true
      find('answer', HTMLElement).hidden = true
      find('made', HTMLElement).hidden = false
      find('made-heading', HTMLElement).focus()
    } catch (error) {
      const name = error instanceof Error ? error.name : String(error)
      answer(isCancelled(error) ? words.cancelled : words.passkeyFailed.replace('{error}', name), 'bad')
    } finally {
      busy = false
    }
  }

  async function copy(): Promise<void> {
    const copied = await navigator.clipboard.writeText(find('line', HTMLElement).textContent ?? '').then(
      () => true,
      () => false,
    )
    find('copied', HTMLElement).textContent = copied ? words.copied : words.notCopied
  }
}

async function makePasskey(name: string): Promise<PolicyLine | undefined> {
  const { id, response } = await startRegistration({
    optionsJSON: {
      rp: { name: 'Startgate', id: location.hostname },
      user: { id: random(), name, displayName: name },
      // Nobody looks at the answer to it: what counts is the line that people review.
      challenge: random(),
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      attestation: 'none',
    },
  })
  const { publicKey, publicKeyAlgorithm } = response
  return publicKey === undefined || publicKeyAlgorithm === undefined
    ? undefined
    : toPolicyLine(id, publicKey, publicKeyAlgorithm)
}

function random(): string {
  return bufferToBase64URLString(crypto.getRandomValues(new Uint8Array(32)).buffer)
}
