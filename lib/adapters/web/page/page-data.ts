// What a page hands to its script, as JSON in an attribute of `body`. All of it is data: the script trusts no markup.
import type { DecideWords, EnrolWords } from '#core/language/page-words.ts'
import type { Head } from '#core/row.ts'
import type { State } from '#core/standing.ts'

export type PageData = RequestData | EnrolData

export interface RequestData {
  readonly page: 'request'
  /** As HTTP names it. */
  readonly language: string
  readonly words: DecideWords
  readonly id: string
  readonly state: State
  readonly final: boolean
  readonly heads: { readonly asks: Head; readonly runs: Head }
  /** Absent where nobody can decide on the page. */
  readonly signing?: SigningData
}

export interface SigningData {
  /** The only origin that passkeys of the policy count for. */
  readonly origin: string
  /** Epoch ms by the clock of the gate, when the page was made. */
  readonly now: number
  readonly audience: string
  readonly digest: string
  readonly says: string
  readonly signers: readonly Signer[]
  /** To be typed before a yes that wipes its local disks. */
  readonly confirm?: string
}

/** Somebody who can decide with a passkey now. */
export interface Signer {
  readonly name: string
  /** Credential ids, base64url. */
  readonly passkeys: readonly string[]
  readonly saidYes: boolean
}

export interface EnrolData {
  readonly page: 'enrol'
  readonly words: EnrolWords
  readonly origin: string
}
