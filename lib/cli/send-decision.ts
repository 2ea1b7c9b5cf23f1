// Signs a yes or a no over the proposal as it was checked here, and hands it to the gate.
import type { Proposal } from '#core/proposal.ts'
import { createStatement, type Statement } from '#core/statement.ts'
import { lineSchema } from '#core/words.ts'
import type * as z from '#core/zod.ts'
import { decidedSchema } from './answers.ts'
import type { Client } from './client.ts'
import { EXIT, Failure } from './failure.ts'
import type { Io } from './io.ts'
import { toPath } from './session.ts'
import type { Signer } from './signer.ts'

export type Decided = z.infer<typeof decidedSchema>

export interface Decision {
  readonly client: Client
  readonly io: Io
  readonly signer: Signer
  readonly proposal: Proposal
  readonly decision: Statement['decision']
  readonly reason: string | undefined
}

export async function sendDecision({ client, io, signer, proposal, decision, reason }: Decision): Promise<Decided> {
  const iat = Math.floor(io.now() / 1000)
  const evidence = await signer.sign(createStatement(proposal, decision, signer.name, iat, parseReason(reason)))
  return client.call({
    method: 'POST',
    path: toPath(proposal.request.id, '/decisions'),
    schema: decidedSchema,
    body: { decision, evidence },
    signed: signer.signed,
  })
}

export function refuseNoWithoutReason(reason: string | undefined): void {
  if (reason === undefined)
    throw new Failure(EXIT.usage, 'A no needs a reason.', { next: ['Add --reason <why>; people will read it.'] })
}

/** A reason is signed too, so it has to be sound before. */
export function parseReason(reason: string | undefined): string | undefined {
  if (reason === undefined) return undefined
  const parsed = lineSchema.safeParse(reason)
  if (parsed.success) return parsed.data
  throw new Failure(EXIT.usage, 'The reason must be one line of plain text of at most 500 characters.')
}
