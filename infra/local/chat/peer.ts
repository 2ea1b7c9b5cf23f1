// What the local chat platforms have in common: they sign and encrypt as the real ones do, and serve the API that the gate
// calls. Tests and the demo look at them as people look at their phones.
import type { Platform } from '#core/words.ts'

/** An HTTP call as the platform would send it to the gate. */
export interface SignedCall {
  /** `/v1/chat/slack`. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface SignOptions {
  /** Of the message or click; default: a new one. */
  readonly id?: string
  /** When it says it was sent, epoch ms; default: now. */
  readonly at?: number
  /** Default: the organisation that the peer is. */
  readonly tenant?: string
}

/** A place in the chat, by the platform's own ids. */
export interface Place {
  readonly kind: 'person' | 'group'
  readonly id: string
}

/** A message as people see it now. */
export interface Shown {
  readonly id: string
  readonly where: Place
  /** All of its text, line by line, markup taken out. */
  readonly text: string
  readonly buttons: readonly ShownButton[]
  /** How often it was changed after it was posted. */
  readonly edits: number
}

export type ShownButton =
  | { readonly kind: 'link'; readonly label: string; readonly url: string }
  /** `value`: what the platform sends back when it is tapped. */
  | { readonly kind: 'tap'; readonly label: string; readonly value: string }

export interface ChatPeer {
  readonly platform: Platform
  /** The id of the organisation, as identities name it. */
  readonly tenant: string
  /** Somebody says something to the robot. */
  said(user: string, where: Place, text: string, options?: SignOptions): SignedCall
  /** Somebody taps the button of a message that was posted. */
  tapped(user: string, message: Shown, value: string, options?: SignOptions): SignedCall
  /** How the platform asks whether the gate is there; undefined where it does not. */
  handshake(): { readonly call: SignedCall; readonly answer: unknown } | undefined
  /** The headers that the platform authenticates, and whether it authenticates the body too. */
  readonly authenticates: { readonly headers: readonly string[]; readonly body: boolean }
  /** In the order in which they were posted. */
  shown(): readonly Shown[]
  /** Somebody deletes a message: nobody sees it any more, and it cannot be changed. */
  remove(id: string): void
  /** Every call of the API fails from now on, or works again. */
  setDown(down: boolean): void
  /** The API of the platform; the path begins after `/<platform>`. Undefined: there is no such path. */
  serve(call: PeerCall): PeerAnswer | undefined
  /** Calls of the API so far. */
  calls(): number
}

export interface PeerCall {
  readonly method: string
  /** With the query: `/api/chat.postMessage`. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface PeerAnswer {
  readonly status: number
  readonly body: unknown
}
