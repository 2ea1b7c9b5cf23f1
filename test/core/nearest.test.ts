import { expect, test } from 'vitest'
import { findNearest } from '#core/nearest.ts'

const KNOWN = ['approvals', 'approvers', 'tags', 'tell', 'validFor']

test.each([
  ['aprovals', 'approvals'],
  ['approvalss', 'approvals'],
  ['approval', 'approvals'],
  ['approvesr', 'approvers'],
  ['aproversr', 'approvers'],
  ['tag', 'tags'],
  ['validfor', 'validFor'],
  ['valid_for', 'validFor'],
  ['VALIDFOR', 'validFor'],
])('%s was meant to be %s', (written, meant) => {
  expect(findNearest(written, KNOWN)).toBe(meant)
})

test.each(['', 'x', 'tl', 'owner', 'approving', 'approversandmore'])('%j could be anything', (written) => {
  expect(findNearest(written, KNOWN)).toBeUndefined()
})

test('the nearest is taken, and of two equally near ones the first', () => {
  expect(findNearest('approvers', KNOWN)).toBe('approvers')
  expect(findNearest('cat', ['bat', 'cut'])).toBe('bat')
})
