// A request as the gate shows it, believed in nothing that can be worked out here.
import { digestProposal, sayProposal, type Proposal } from '#core/proposal.ts'
import type { RequestId } from '#core/request-id.ts'
import { listFacts, listWarnings, type WarningKey } from '#core/view.ts'
import { shownSchema, type Shown } from './answers.ts'
import type { Client } from './client.ts'
import { EXIT, Failure } from './failure.ts'
import { printFields, toHumane, type Printer } from './print.ts'
import { toPath } from './session.ts'

export async function fetchShown(client: Client, id: RequestId): Promise<Shown> {
  return client.call({ method: 'GET', path: toPath(id), schema: shownSchema })
}

export interface Expected {
  readonly id: RequestId
  readonly audience?: string | undefined
  /** The line or the digest that the approver was told another way. */
  readonly expect?: string | undefined
}

/** Everything in which the gate contradicts the proposal that it shows, or the proposal what was expected; as sentences. */
export function findMismatches(shown: Shown, { id, audience, expect }: Expected): readonly string[] {
  const { proposal } = shown
  const digest = digestProposal(proposal)
  const says = sayProposal(proposal)
  const faults: string[] = []
  if (shown.id !== id || proposal.request.id !== id)
    faults.push(`The proposal is for ${proposal.request.id}, not ${id}.`)
  if (shown.digest !== digest) faults.push(`The digest shown is ${shown.digest}; that of this proposal is ${digest}.`)
  if (shown.says !== says) faults.push(`The line shown is "${shown.says}"; this proposal says "${says}".`)
  if (audience !== undefined && proposal.audience !== audience)
    faults.push(`The proposal is for the deployment ${proposal.audience}; you deal with ${audience}.`)
  // Copied from a terminal the line comes in pieces.
  const expected = expect?.trim().replaceAll(/\s+/g, ' ')
  if (expected !== undefined && expected !== says && expected !== digest)
    faults.push(`You expected "${expect}"; this proposal says "${says}" and has the digest ${digest}.`)
  return faults
}

/** What would have been done next, and was not. */
export type Undone = 'signed' | 'sent' | 'written'

export function refuseMismatch(faults: readonly string[], undone: Undone): void {
  if (faults.length === 0) return
  throw new Failure(EXIT.mismatch, `What the gate shows does not match. ${faults.join(' ')}`, {
    next: [`Nothing was ${undone}. Do not approve this; tell whoever runs the gate.`],
  })
}

/** Nothing here proves it. What the gate says besides is not shown to who is about to sign. */
export function printState(printer: Printer, { state }: Shown): void {
  printer.line('The gate says that it is ', { style: 'bold', text: state.replaceAll('_', ' ') }, '.')
}

/** Nothing that is signed counts any more: it is final, or about to be. */
export function refuseOver({ state, final, view }: Shown, undone: Undone): void {
  if (!final && state !== 'stopping' && state !== 'expiring') return
  throw new Failure(EXIT.refused, `This request is ${state.replaceAll('_', ' ')}; nothing was ${undone}.`, {
    next: [view.headline],
  })
}

/** What would happen, worked out from the proposal alone. */
export function printProposal(printer: Printer, proposal: Proposal, now: number): void {
  printer.line('  ', { style: 'bold', text: sayProposal(proposal) })
  printer.line()
  const left = proposal.request.expiresAt - now
  const facts = listFacts(proposal).map(({ key, label, value }) => ({
    label,
    value: key === 'expires' && left > 0 ? `${value}, for ${toHumane(left)} more` : value,
  }))
  printFields(printer, [...facts, { label: 'Digest', value: digestProposal(proposal) }])
  const warnings = listWarnings(proposal)
  if (warnings.length > 0) printer.line()
  for (const { key, text } of warnings) {
    const style = GRAVE.includes(key) ? 'red' : 'yellow'
    printer.entry(['  ', { style, text: 'WARNING  ' }], { style, text })
  }
}

const GRAVE: readonly WarningKey[] = ['init_local_disk']
