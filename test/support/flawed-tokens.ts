// One token for everything that can be wrong with one, and the flaw that the log must name.
import { createPublicKey } from 'node:crypto'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import type { TokenFlaw } from '#core/refusal.ts'
import { createStatement, type Statement } from '#core/statement.ts'
import { signCall } from './api.ts'
import { publicJwk, type Holder } from './keys.ts'
import { makeHs256Token, makeToken, respell, soundHeader } from './odd-tokens.ts'

/** `target` is what they are sent for, `other` another request that bob may approve. */
interface At {
  readonly target: Proposal
  readonly other: Proposal
}
type Make = (at: At) => string | Promise<string>

export function sound(proposal: Proposal, change: Partial<Statement> = {}): Statement {
  return { ...createStatement(proposal, 'approve', 'bob', seconds()), ...change }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000)
}

const jwk = publicJwk('bob')
const pem = () => createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
const header =
  (change: object) =>
  ({ target }: At): string =>
    makeToken('bob', sound(target), { header: change as Record<string, unknown> })
const payload =
  (change: (text: string) => string): Make =>
  ({ target }) =>
    makeToken('bob', change(toCanonicalJson(sound(target))))
const by =
  (holder: Holder, signer = holder): Make =>
  ({ target }) =>
    makeToken(holder, sound(target, { approver: holder }), { signer })

export const FLAWED_TOKENS: readonly (readonly [string, Make, TokenFlaw])[] = [
  ['over another request', ({ other }) => makeToken('bob', sound(other)), 'another_proposal'],
  [
    'over another request, with the words of this one',
    ({ target, other }) => makeToken('bob', sound(target, { proposal: digestProposal(other) })),
    'another_proposal',
  ],
  [
    'that denies',
    ({ target }) => makeToken('bob', sound(target, { decision: 'deny', reason: 'no' })),
    'another_decision',
  ],
  [
    'for another deployment',
    ({ target }) => makeToken('bob', sound(target, { audience: '1234567890123456/cn-hangzhou/staging-starter' })),
    'another_audience',
  ],
  [
    'with other words',
    ({ target, other }) => makeToken('bob', sound(target, { says: sound(other).says })),
    'another_text',
  ],
  ['by the requester', by('alice'), 'is_the_requester'],
  ['by a machine', by('deploy-bot'), 'not_an_approver'],
  ['by a key that is no longer valid', by('dave'), 'key_not_valid_then'],
  [
    'in the name of bob, by the key of carol',
    ({ target }) => makeToken('carol', sound(target)),
    'not_the_approver_of_the_key',
  ],
  ['under the key id of bob, by the key of carol', by('bob', 'carol'), 'signature'],
  [
    'whose payload was exchanged',
    ({ target }) =>
      makeToken('bob', sound(target)).replace(
        /\.[^.]+\./,
        `.${Buffer.from(toCanonicalJson(sound(target, { iat: 1 }))).toString('base64url')}.`,
      ),
    'signature',
  ],
  ['under a key id that nobody has', header({ kid: 'A'.repeat(43) }), 'unknown_key'],
  [
    'signed before it was asked',
    ({ target }) => makeToken('bob', sound(target, { iat: seconds() - 310 })),
    'signed_too_early',
  ],
  [
    'signed in the future',
    ({ target }) => makeToken('bob', sound(target, { iat: seconds() + 310 })),
    'signed_in_the_future',
  ],
  ['with alg none', header({ alg: 'none' }), 'algorithm'],
  ['with alg None', header({ alg: 'None' }), 'algorithm'],
  ['with alg none and no signature', (at) => header({ alg: 'none' })(at).replace(/[^.]+$/, ''), 'malformed'],
  ['with the algorithm of another kind of key', header({ alg: 'ES256' }), 'algorithm'],
  [
    'with HS256 by the bytes of the public key',
    ({ target }) => makeHs256Token('bob', sound(target), Buffer.from(jwk['x'] ?? '', 'base64url')),
    'algorithm',
  ],
  [
    'with HS256 by the public key as JWK',
    ({ target }) => makeHs256Token('bob', sound(target), JSON.stringify(jwk)),
    'algorithm',
  ],
  ['with HS256 by the public key as PEM', ({ target }) => makeHs256Token('bob', sound(target), pem()), 'algorithm'],
  ['that brings its key along', header({ jwk: publicJwk('bob') }), 'header'],
  ['that says where its key is', header({ jku: 'https://evil.example.com/keys' }), 'header'],
  ['that brings a certificate along', header({ x5u: 'https://evil.example.com/c' }), 'header'],
  ['with critical extensions', header({ crit: ['b64'], b64: false }), 'header'],
  ['of another type', header({ typ: 'JWT' }), 'header'],
  ['without a type', header({ typ: undefined }), 'header'],
  ['with a path for a key id', header({ kid: '../../etc/passwd' }), 'header'],
  [
    'with blanks in its header',
    ({ target }) => makeToken('bob', sound(target), { headerText: JSON.stringify(soundHeader('bob'), null, 1) }),
    'header',
  ],
  [
    'with alg twice in its header',
    ({ target }) =>
      makeToken('bob', sound(target), {
        headerText: JSON.stringify(soundHeader('bob')).replace('{', '{"alg":"none",'),
      }),
    'header',
  ],
  [
    'that signs a call',
    async ({ target }) => signCall('bob', 'POST', `/v1/start-requests/${target.request.id}/decisions`, ''),
    'header',
  ],
  [
    'with reordered entries',
    payload((text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).toReversed()))),
    'statement',
  ],
  ['with an entry twice', payload((text) => text.replace('{', '{"decision":"deny",')), 'statement'],
  ['with blanks in its payload', payload((text) => text.replaceAll(',"', ', "')), 'statement'],
  ['with a number spelled in another way', payload((text) => text.replace(/"iat":(\d+)/, '"iat":$1.0')), 'statement'],
  ['with an entry more', ({ target }) => makeToken('bob', { ...sound(target), initLocalDisk: true }), 'statement'],
  ['of a newer version', ({ target }) => makeToken('bob', { ...sound(target), v: 2 }), 'statement'],
  ['that is not JSON', payload(() => 'approved'), 'statement'],
  [
    'whose last character is spelled in another way',
    ({ target }) => respell(makeToken('bob', sound(target))),
    'not_canonical',
  ],
  ['with padding', ({ target }) => `${makeToken('bob', sound(target))}==`, 'malformed'],
  ['with a blank before it', ({ target }) => ` ${makeToken('bob', sound(target))}`, 'malformed'],
  ['with a line break after it', ({ target }) => `${makeToken('bob', sound(target))}\n`, 'malformed'],
  ['with a fourth part', ({ target }) => `${makeToken('bob', sound(target))}.e30`, 'malformed'],
  ['in standard base64', ({ target }) => makeToken('bob', sound(target)).replace(/[^.]+$/, '++//'), 'malformed'],
]
