import { expect, test } from 'vitest'
import { cureUnknown, findNearest } from '#core/nearest.ts'

const KNOWN = ['approvals', 'approvers', 'tags', 'tell', 'validFor']

test.each([
  ['aprovals', 'approvals'],
  ['approvalss', 'approvals'],
  ['approval', 'approvals'],
  ['approvesr', 'approvers'],
  ['aproversr', 'approvers'],
  ['aprovesr', 'approvers'],
  ['tag', 'tags'],
  ['validfor', 'validFor'],
  ['valid_for', 'validFor'],
  ['VALIDFOR', 'validFor'],
])('%s was meant to be %s', (written, meant) => {
  expect(findNearest(written, KNOWN)).toBe(meant)
})

test.each(['', 'x', 'tl', 'owner', 'approving', 'approversandmore', 'paprvoasl'])('%j could be anything', (written) => {
  expect(findNearest(written, KNOWN)).toBeUndefined()
})

test('the nearest is taken, and of two equally near ones the first', () => {
  expect(findNearest('approvers', KNOWN)).toBe('approvers')
  expect(findNearest('cat', ['bat', 'cut'])).toBe('bat')
})

test('an unknown name is the near one, is to be added, or is one of too many', () => {
  const many = Array.from({ length: 301 }, (_, index) => `person-${index}`)

  expect(cureUnknown('bbo', ['alice', 'bob'], 'people')).toBe('did you mean bob?')
  expect(cureUnknown('carol', ['alice', 'bob'], 'people')).toBe('add carol to people, or correct the name')
  expect(cureUnknown('persn-7', many.slice(1), 'people')).toBe('did you mean person-7?')
  expect(cureUnknown('persn-7', many, 'people')).toBe('add persn-7 to people, or correct the name')
})
