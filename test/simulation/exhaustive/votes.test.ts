// Several vote at once. In no history is an end left again, nor does anybody hear of success whose vote is not in the record.
import { describe, expect, test } from 'vitest'
import { VERSIONS } from '#simulation/policies.ts'
import { gatePutsAlways } from './bends.ts'
import { explore } from './explore.ts'
import { beginAsked } from './scenes.ts'

/** The third policy asks for two approvals. */
const { setting, approves, denies, starts, tells } = await beginAsked({ version: VERSIONS[2] })
const voters = [approves('bob'), approves('carol'), denies('dave')]

describe('votes, in every history', { timeout: 60_000 }, () => {
  test('of two approvers, a denier and a starter', async () => {
    const { breach, histories } = await explore({ ...setting, processes: [...voters, starts('starter')] })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(1e7)
  })

  test('of an approver, a denier and a gate that tells', async () => {
    const processes = [approves('bob'), denies('dave'), tells()]
    const { breach, histories } = await explore({ ...setting, processes })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(1e7)
  })

  test('of one who approves twice at once, and a denier', async () => {
    const processes = [approves('bob'), approves('bob'), approves('carol'), denies('dave')]
    const { breach, histories } = await explore({ ...setting, processes })
    expect(breach).toBeUndefined()
    expect(histories).toBeGreaterThan(1e7)
  })
})

test('it notices a gate whose puts have no condition', async () => {
  const { breach } = await explore({ ...setting, processes: voters, bendGate: gatePutsAlways })
  expect(breach?.law).toBe('somebody was answered, and the record does not hold what they said')
})
