// A caller's proof: a JWS over exactly this call, by a key that the policy gives to a person or a machine.
import { createHash } from 'node:crypto'
import { readCompactJws } from '#core/compact-jws.ts'
import { parseJson } from '#core/json.ts'
import { isKeyValid } from '#core/key.ts'
import { refuse, type Refused } from '#core/refusal.ts'
import { isSigned } from '#core/signature.ts'
import { nameSchema } from '#core/words.ts'
import * as z from '#core/zod.ts'
import type { GateDeps } from '#flow/deps.ts'
import type { Call } from './door.ts'
import { toParameters } from './read-body.ts'

/** Keeps an approval, or any other JWT that the key may have signed, from passing for a call. */
const CALL_TYPE = 'startgate-call+jwt'
const LONGEST_LIFE = 300
const SKEW = 30

const claimsSchema = z.strictObject({
  iss: nameSchema,
  aud: z.string(),
  iat: z.int().check(z.minimum(0)),
  exp: z.int().check(z.minimum(0)),
  htm: z.string(),
  htu: z.string(),
  digest: z.string(),
})
type Claims = z.infer<typeof claimsSchema>

type Deps = Pick<GateDeps, 'policy' | 'audience' | 'clock'>

/** The principal who signed this very call. Needs nothing but the policy, so that a stranger causes no cloud call. */
export function authenticateCaller(deps: Deps, c: Call): { readonly caller: string } | Refused {
  const judged = judge(deps, c)
  return 'flaw' in judged ? refuse({ reason: 'unauthenticated', flaw: judged.flaw }) : judged
}

type Judged = { readonly caller: string } | { readonly flaw: string }

function judge(deps: Deps, c: Call): Judged {
  const authorization = c.req.header('authorization')
  if (authorization === undefined) return { flaw: 'missing' }
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1]
  if (token === undefined) return { flaw: 'malformed' }
  const read = readCompactJws(token, CALL_TYPE, deps.policy)
  if ('flaw' in read) return read
  const { principal, key, payload, signed, signature } = read
  if (!isSigned(key.jwk, signed, signature)) return { flaw: 'signature' }
  if (!isKeyValid(key, deps.clock.now())) return { flaw: 'key_not_valid_now' }
  const claims = claimsSchema.safeParse(parseJson(Buffer.from(payload).toString('utf8')))
  if (!claims.success) return { flaw: 'claims' }
  const flaw = findFlaw(claims.data, principal, deps, c)
  return flaw === undefined ? { caller: principal } : { flaw }
}

function findFlaw(claims: Claims, principal: string, { audience, clock }: Deps, c: Call): string | undefined {
  const now = clock.now() / 1000
  if (claims.iss !== principal) return 'not_the_owner_of_the_key'
  // A call signed for another deployment, a staging one say, is worth nothing here.
  if (claims.aud !== audience) return 'another_audience'
  if (claims.exp <= claims.iat || claims.exp - claims.iat > LONGEST_LIFE) return 'lives_too_long'
  if (now >= claims.exp + SKEW) return 'expired'
  if (claims.iat > now + SKEW) return 'from_the_future'
  // Whoever catches one call on its way cannot turn it into another one.
  if (claims.htm !== c.req.method) return 'another_method'
  if (!isTarget(claims.htu, new URL(c.req.url))) return 'another_address'
  if (claims.digest !== createHash('sha256').update(c.get('body')).digest('base64url')) return 'another_body'
  return undefined
}

/**
 * The path as it was sent, byte for byte. The platform takes the query apart before we see it, so of that the names and
 * values are compared, in no order.
 */
function isTarget(htu: string, { pathname, search }: URL): boolean {
  const at = htu.indexOf('?')
  const [path, query] = at < 0 ? [htu, ''] : [htu.slice(0, at), htu.slice(at)]
  return path === pathname && toSortedText(query) === toSortedText(search)
}

function toSortedText(query: string): string {
  return JSON.stringify(Object.entries(toParameters(query)).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
