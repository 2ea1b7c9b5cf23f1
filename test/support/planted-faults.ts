// A deployment with a rule left out on purpose, to see that the properties notice.
import { parseJson } from '#core/json.ts'
import type { Rule } from '#core/policy.ts'
import { keysOf } from '#core/principals.ts'
import { statementSchema } from '#core/statement.ts'
import type { GateDeps, StarterDeps } from '#flow/deps.ts'
import type { EvidenceVerifier } from '#ports/evidence.ts'
import type { World } from './world.ts'

export type Planted =
  /** Any well-formed statement counts, whoever signed it. */
  | 'believes_every_signature'
  /** Signatures are checked, and of two that claim one row both believe that they won. */
  | 'puts_without_a_condition'
  /** A gate that answers a no without looking for a start. */
  | 'sees_no_runs'
  /** Enough people are enough, whatever groups they are of. */
  | 'asks_no_groups'
  /** Any time is as good as another. */
  | 'keeps_no_hours'
  /** Whoever signs first is the only one who is heard. */
  | 'hears_the_first_alone'

export function plantFault(
  { gate, starter, runs }: World,
  planted: Planted | undefined,
): { readonly gate: GateDeps; readonly starter: StarterDeps } {
  switch (planted) {
    case undefined:
      return { gate, starter }
    case 'believes_every_signature':
      return { gate: { ...gate, evidence: BELIEVES }, starter: { ...starter, evidence: BELIEVES } }
    case 'puts_without_a_condition': {
      const put: typeof runs.put = async (row) => {
        await runs.put(row)
        return 'mine'
      }
      return { gate, starter: { ...starter, runs: { ...runs, put } } }
    }
    case 'sees_no_runs':
      return { gate: { ...gate, runs: { ...runs, read: async () => [] } }, starter }
    case 'asks_no_groups':
      return withRules(gate, starter, ({ oneOfEach: _groups, ...rule }) => rule)
    case 'keeps_no_hours':
      return withRules(gate, starter, ({ hours: _hours, ...rule }) => rule)
    case 'hears_the_first_alone': {
      const evidence = hearFirst(gate.evidence)
      return { gate: { ...gate, evidence }, starter: { ...starter, evidence } }
    }
  }
}

function withRules(
  gate: GateDeps,
  starter: StarterDeps,
  change: (rule: Rule) => Rule,
): { readonly gate: GateDeps; readonly starter: StarterDeps } {
  const policy = { ...gate.policy, rules: gate.policy.rules.map(change) }
  return { gate: { ...gate, policy }, starter: { ...starter, policy } }
}

const BELIEVES: EvidenceVerifier = {
  async verify(evidence, policy) {
    const payload = evidence.kind === 'jws' ? evidence.token.split('.')[1] : undefined
    const text = 'statement' in evidence ? evidence.statement : Buffer.from(payload ?? '', 'base64url').toString()
    const statement = statementSchema.safeParse(parseJson(text)).data
    const key = statement && keysOf(policy, statement.approver)[0]
    if (statement === undefined || key === undefined) return { flaw: 'malformed' }
    return { signed: { statement, principal: statement.approver, key, tool: 'own-tool' } }
  },
}

function hearFirst(evidence: EvidenceVerifier): EvidenceVerifier {
  let first: string | undefined
  return {
    async verify(given, policy) {
      const verified = await evidence.verify(given, policy)
      if ('flaw' in verified) return verified
      first ??= verified.signed.principal
      return verified.signed.principal === first ? verified : { flaw: 'signature' }
    },
  }
}
