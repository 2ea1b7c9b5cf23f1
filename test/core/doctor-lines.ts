// The lines of what `startgate doctor` says, and what each says of one thing that is wrong.
import { expect, it } from 'vitest'
import { examine } from '#core/doctor/examine.ts'
import type { Finding, Verdict } from '#core/doctor/finding.ts'
import type { Seen } from '#core/doctor/seen.ts'
import { SOUND, type Change } from './doctor-sample.ts'

/** `change`: of a deployment that is sound otherwise. */
export type Case = readonly [check: string, change: Change, verdict: Verdict, says: RegExp, cure: RegExp]

export function findAll(seen: Seen): readonly Finding[] {
  return examine(seen).flatMap(({ findings }) => findings)
}

export function find(check: string, seen: Seen): Finding | undefined {
  return findAll(seen).find((finding) => finding.check === check)
}

export function itSays(cases: readonly Case[]): void {
  it.each(cases)('%s (%#)', (check, change, verdict, says, cure) => {
    const finding = find(check, change(SOUND))
    expect(finding).toMatchObject({
      check,
      verdict,
      says: expect.stringMatching(says),
      cure: expect.stringMatching(cure),
    })
  })
}
