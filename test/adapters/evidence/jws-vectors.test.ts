// The published key, thumbprint and signature of RFC 8037, appendix A. The token of A.4 has neither our `typ` nor a `kid`, so
// it is no approval: `test/core/signature.test.ts` checks its signature (A.5).
import { CompactSign, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { signJws } from '#adapters/evidence/sign-jws.ts'
import { createEvidenceVerifier } from '#adapters/evidence/verifier.ts'
import { keySchema } from '#core/key-form.ts'
import type { Verified } from '#ports/evidence.ts'
import { aPolicy, aPolicyDocument, aProposal, aStatement } from '#support/samples.ts'

const PUBLIC = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const
const PRIVATE = { ...PUBLIC, d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' } as const
const THUMBPRINT = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
const TOKEN = [
  'eyJhbGciOiJFZERTQSJ9',
  'RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
  'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
].join('.')
const PAYLOAD = 'Example of Ed25519 signing'

/** Bob's key is the published one, which is Alice's elsewhere. */
const PEOPLE = { ...(aPolicyDocument()['people'] as object), alice: {}, bob: { keys: [PUBLIC] } }
const verify = async (token: string): Promise<Verified> =>
  createEvidenceVerifier().verify({ kind: 'jws', token }, aPolicy({ people: PEOPLE }))

describe('RFC 8037', () => {
  it('A.2 and A.3: the public key of a policy has the published thumbprint', () => {
    expect(keySchema.parse(PUBLIC)).toMatchObject({ jwk: PUBLIC, kid: THUMBPRINT })
  })

  it('A.1: a policy does not take the private key', () => {
    expect(keySchema.safeParse(PRIVATE).success).toBe(false)
  })

  it('A.1: with the private key, an approval is signed and accepted under that thumbprint', async () => {
    const statement = aStatement(aProposal(), 'bob')
    const token = await signJws(statement, PRIVATE)

    expect(await verify(token)).toMatchObject({ signed: { statement, principal: 'bob', key: { kid: THUMBPRINT } } })
  })

  it('A.4: the published token is made again, bit for bit', async () => {
    const sign = new CompactSign(Buffer.from(PAYLOAD)).setProtectedHeader({ alg: 'EdDSA' })

    expect(await sign.sign(await importJWK(PRIVATE, 'EdDSA'))).toBe(TOKEN)
  })

  it('A.4: the published token is no approval, as it names no purpose and no key', async () => {
    expect(await verify(TOKEN)).toEqual({ flaw: 'header' })
  })
})
