import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Follow } from '#core/catalogue-entry.ts'
import { CATALOGUE, lookUp } from '#core/catalogue.ts'

describe('lookUp, for what the page of StartInstance lists', () => {
  test.each<[code: string, status: number, follow: Follow]>([
    ['InvalidInstanceId.NotFound', 404, 'ended'],
    ['IncorrectInstanceStatus', 403, 'again_soon'],
    ['InstanceLockedForSecurity', 403, 'ended'],
    ['InsufficientBalance', 403, 'ended'],
    ['InstanceNotReady', 500, 'look'],
    ['InternalError', 500, 'look'],
    ['DiskError', 403, 'ended'],
    ['InstanceExpired', 403, 'ended'],
    ['InstanceNotReady', 403, 'again_later'],
    ['DiskInArrears', 403, 'ended'],
    ['OperationDenied.NoStock', 403, 'again_much_later'],
    ['OperationDenied.SpotPriceLowerThanPublicPrice', 403, 'again_much_later'],
    ['InvalidParameter.KMSKeyId.KMSUnauthorized', 403, 'ended'],
    ['QuotaExceed.ElasticQuota', 403, 'ended'],
  ])('%s with %i: %s', (code, status, follow) => {
    expect(lookUp(code, status)).toMatchObject({ code, follow, provesNothingHappened: follow !== 'look' })
  })
})

describe('lookUp, for what else ECS is known to answer', () => {
  test.each<[code: string, status: number, follow: Follow]>([
    ['IncorrectInstanceStatus.Initializing', 403, 'again_later'],
    ['InvalidInstanceIds.NotFound', 404, 'ended'],
    ['InvalidInstanceId.Malformed', 400, 'ended'],
    ['Abs.InvalidInstanceIds.MalFormed', 403, 'ended'],
    ['MissingParameter', 400, 'ended'],
    ['InvalidParameter', 400, 'ended'],
    ['InvalidInstance.NotFoundSystemDisk', 400, 'ended'],
    ['Account.Arrearage', 400, 'ended'],
    ['InstanceExpiredOrInArrears', 403, 'ended'],
    ['LackResource', 400, 'again_much_later'],
    ['InvalidDedicatedHost.NotEnoughResource', 400, 'again_much_later'],
    ['Invalid.PrivatePoolOptions.NoStock', 400, 'again_much_later'],
    ['Zone.NotOnSale', 403, 'again_much_later'],
    ['InvalidCapacityReservationId.NotFound', 404, 'ended'],
    ['InvalidParameter.KMSKeyId.NotFound', 403, 'ended'],
    ['InvalidParameter.KMSKeyId.CMKUnauthorized', 403, 'ended'],
    ['InvalidParameter.KMSKeyId.CMKNotEnabled', 400, 'ended'],
    ['OperationDenied.HostRepairing', 403, 'again_much_later'],
    ['InvalidOperation.Conflict', 409, 'again_soon'],
    ['OperationConflict', 409, 'again_soon'],
    ['LastTokenProcessing', 403, 'again_soon'],
    ['Throttling', 400, 'again_later'],
    ['Throttling.User', 400, 'again_later'],
    ['Throttling.Api', 400, 'again_later'],
    ['Throttling', 503, 'look'],
    ['ServiceUnavailable', 503, 'look'],
    ['Forbidden.RAM', 403, 'ended'],
    ['Forbidden.NotSupportRAM', 403, 'ended'],
    ['Forbidden', 403, 'ended'],
    ['NoPermission', 403, 'ended'],
    ['Forbidden.RiskControl', 403, 'ended'],
    ['InvalidSecurityToken.Expired', 400, 'again_later'],
    ['InvalidSecurityToken.Malformed', 400, 'again_later'],
    ['InvalidSecurityToken.MismatchWithAccessKey', 400, 'again_later'],
    ['MissingSecurityToken', 400, 'again_later'],
    ['InvalidAccessKeyId.NotFound', 404, 'again_later'],
    ['InvalidAccessKeyId.Inactive', 403, 'again_later'],
    ['SignatureDoesNotMatch', 400, 'ended'],
    ['IncompleteSignature', 400, 'ended'],
    ['InvalidTimeStamp.Expired', 400, 'ended'],
    ['SignatureNonceUsed', 400, 'look'],
    ['DryRunOperation', 400, 'passed'],
  ])('%s with %i: %s', (code, status, follow) => {
    expect(lookUp(code, status)).toMatchObject({ code, follow, provesNothingHappened: follow !== 'look' })
  })
})

describe('lookUp, for what the starter finds by itself', () => {
  test.each<[code: string, follow: Follow]>([
    ['NotSent', 'again_later'],
    ['NoAnswer', 'look'],
    ['PolicyChanged', 'ended'],
    ['AnotherDeployment', 'ended'],
    ['OutOfBounds', 'ended'],
    ['InstanceChanged', 'ended'],
    ['InstanceNotFound', 'ended'],
    ['InstanceLocked', 'ended'],
    ['AlreadyRunning', 'ended'],
    ['FellBack', 'ended'],
    ['StillStopped', 'ended'],
    ['NotSeen', 'ended'],
    ['DryRunUnclear', 'ended'],
    ['NoMoreAttempts', 'ended'],
  ])('%s: %s', (code, follow) => {
    expect(lookUp(code)).toMatchObject({ code, follow, provesNothingHappened: follow !== 'look' })
  })
})

describe('lookUp, whatever the answer', () => {
  const anyCode = fc.oneof(fc.string(), fc.constantFrom(...CATALOGUE.map(({ code }) => code)))

  test('no answer of 500 and above proves that nothing happened', () => {
    fc.assert(
      fc.property(anyCode, fc.integer({ min: 500, max: 599 }), (code, status) => {
        expect(lookUp(code, status)).toMatchObject({ code, provesNothingHappened: false, follow: 'look' })
      }),
    )
  })

  test('an unknown code below 500 ends the request, and is shown', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^Unheard\.[A-Za-z.]{1,20}$/),
        fc.integer({ min: 400, max: 499 }),
        (code, status) => {
          expect(lookUp(code, status)).toMatchObject({ code, follow: 'ended', means: 'unheard' })
        },
      ),
    )
  })

  test('499 is a refusal, 500 is not', () => {
    expect(lookUp('Unheard', 499).provesNothingHappened).toBe(true)
    expect(lookUp('Unheard', 500).provesNothingHappened).toBe(false)
  })

  test.each(['InternalError', 'ServiceUnavailable', 'InstanceNotReady'])(
    '%s without its status proves nothing',
    (code) => {
      expect(lookUp(code)).toMatchObject({ code, provesNothingHappened: false, follow: 'look' })
    },
  )

  test.each(['toString', '__proto__', 'constructor', ''])('%j is an unknown code', (code) => {
    expect(lookUp(code, 400)).toMatchObject({ code, follow: 'ended' })
  })
})

describe('CATALOGUE', () => {
  test('has one row for a code and status', () => {
    const keys = CATALOGUE.map(({ code, status }) => `${code} ${status ?? 'any'}`)

    expect(keys).toEqual([...new Set(keys)])
  })
})
