import { expect, test } from 'vitest'
import { parseAuthorization, sha256Hex, sign, toCanonicalRequest, toStringToSign } from '#infra/local/ecs/signature.ts'

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** The example of Alibaba Cloud's own documentation of the signature. */
const published = {
  method: 'POST',
  path: '/',
  query: new Map([
    ['RegionId', 'cn-shanghai'],
    ['ImageId', 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd'],
  ]),
  headers: new Map([
    ['host', 'ecs.cn-shanghai.aliyuncs.com'],
    ['x-acs-action', 'RunInstances'],
    ['x-acs-version', '2014-05-26'],
    ['x-acs-date', '2023-10-26T10:22:32Z'],
    ['x-acs-signature-nonce', '3156853299f313e23d1673dc12e1703d'],
    ['x-acs-content-sha256', EMPTY_SHA256],
  ]),
}
const SIGNED = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-version']

test('the published example gives the published hash and signature', () => {
  const canonicalRequest = toCanonicalRequest(published, SIGNED)

  expect(sha256Hex(canonicalRequest)).toBe('7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259')
  expect(sign(toStringToSign(canonicalRequest), 'YourAccessKeySecret')).toBe(
    '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  )
})

test('parameters are ordered by name, and everything but the unreserved characters is encoded', () => {
  const query = new Map([
    ['b', "~!'()* /+=&"],
    ['a.1', 'é'],
    ['a', ''],
  ])

  const [, , canonicalQuery] = toCanonicalRequest({ ...published, query }, SIGNED).split('\n')

  expect(canonicalQuery).toBe('a=&a.1=%C3%A9&b=~%21%27%28%29%2A%20%2F%2B%3D%26')
})

const HEX = 'ab'.repeat(32)

test('an authorization is read with and without spaces after its commas', () => {
  const expected = { accessKeyId: 'AK', signedHeaders: ['host', 'x-acs-date'], signature: HEX }
  const fields = ['Credential=AK', 'SignedHeaders=host;x-acs-date', `Signature=${HEX}`]

  expect(parseAuthorization(`ACS3-HMAC-SHA256 ${fields.join(',')}`)).toEqual(expected)
  expect(parseAuthorization(`ACS3-HMAC-SHA256 ${fields.join(', ')}`)).toEqual(expected)
})

test.each([
  ['nothing', undefined],
  ['another algorithm', `ACS3-RSA-SHA256 Credential=AK,SignedHeaders=host,Signature=${HEX}`],
  ['no fields', 'ACS3-HMAC-SHA256'],
  ['no signed headers', `ACS3-HMAC-SHA256 Credential=AK,Signature=${HEX}`],
  ['a signature that is too short', 'ACS3-HMAC-SHA256 Credential=AK,SignedHeaders=host,Signature=abcd'],
])('%s is no authorization', (_, value) => {
  expect(parseAuthorization(value)).toBeUndefined()
})
