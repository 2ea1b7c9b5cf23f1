import { expect, test } from 'vitest'
import { DEPLOYED_STREAM, deployedSchema } from '#core/deployed.ts'

test('is what a starter leaves behind when it comes up, in a stream that is no digest', () => {
  const note = { build: 'a1b2c3', policy: 'a'.repeat(64) }

  expect(deployedSchema.parse(note)).toEqual(note)
  expect(deployedSchema.safeParse({ ...note, policy: 'example' }).success).toBe(false)
  expect(DEPLOYED_STREAM).toBe('starter')
})
