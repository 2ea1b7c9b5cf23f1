// One token for everything that can be wrong with one, and the flaw that the log must name.
import { createPublicKey } from 'node:crypto'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { digestProposal, type Proposal } from '#core/proposal.ts'
import type { TokenFlaw } from '#core/refusal.ts'
import { createStatement, type Statement } from '#core/statement.ts'
import { publicJwk, type Holder } from './keys.ts'
import { makeHs256Token, makeToken, respell, soundHeader } from './odd-tokens.ts'

/** `target` is what they are sent for, `other` another request that bob may approve; `at` is now, in epoch ms. */
export interface At {
  readonly target: Proposal
  readonly other: Proposal
  readonly at: number
}
type Flawed<Made> = readonly [what: string, make: (at: At) => Made, flaw: TokenFlaw]

export function sound(proposal: Proposal, change: Partial<Statement> = {}, at = Date.now()): Statement {
  return { ...createStatement(proposal, 'approve', 'bob', Math.floor(at / 1000)), ...change }
}

const seconds = ({ at }: At): number => Math.floor(at / 1000)

/** What bob may sign that is no approval of the target, by whatever kind of key. */
export const FLAWED_STATEMENTS: readonly Flawed<Partial<Statement>>[] = [
  [
    'over another request',
    ({ other }) => ({ proposal: digestProposal(other), says: sound(other).says }),
    'another_proposal',
  ],
  [
    'over another request, with the words of this one',
    ({ other }) => ({ proposal: digestProposal(other) }),
    'another_proposal',
  ],
  ['that denies', () => ({ decision: 'deny', reason: 'no' }), 'another_decision'],
  ['for another deployment', () => ({ audience: '1234567890123456/cn-hangzhou/staging-starter' }), 'another_audience'],
  ['for another account', () => ({ audience: '9999999999999999/cn-hangzhou/startgate-starter' }), 'another_audience'],
  ['for another region', () => ({ audience: '1234567890123456/cn-beijing/startgate-starter' }), 'another_audience'],
  ['with other words', ({ other }) => ({ says: sound(other).says }), 'another_text'],
  ['in the name of carol', () => ({ approver: 'carol' }), 'not_the_approver_of_the_key'],
  ['in the name of who asked', () => ({ approver: 'alice' }), 'not_the_approver_of_the_key'],
  ['signed before it was asked', (at) => ({ iat: seconds(at) - 310 }), 'signed_too_early'],
  ['signed in the future', (at) => ({ iat: seconds(at) + 310 }), 'signed_in_the_future'],
]

/** Texts that say the same as a sound statement to one reader, and perhaps something else to another. */
export const FLAWED_TEXTS: readonly (readonly [what: string, change: (text: string) => string])[] = [
  [
    'with reordered entries',
    (text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).toReversed())),
  ],
  ['with an entry twice', (text) => text.replace('{', '{"decision":"deny",')],
  ['with an entry twice, once as an escape', (text) => text.replace('{', String.raw`{"\u0064ecision":"deny",`)],
  ['with blanks', (text) => text.replaceAll(',"', ', "')],
  ['with a line break after it', (text) => `${text}\n`],
  ['with a byte order mark', (text) => `\u{feff}${text}`],
  ['with a letter as an escape', (text) => text.replace('"approve"', String.raw`"\u0061pprove"`)],
  ['with a fraction', (text) => text.replace(/"iat":(\d+)/, '"iat":$1.0')],
  ['with an exponent', (text) => text.replace(/"iat":(\d+)/, '"iat":$1e0')],
  ['with a number that is not safe', (text) => text.replace(/"iat":\d+/, '"iat":9007199254740993')],
  ['with a number below zero', (text) => text.replace(/"iat":/, '"iat":-')],
  ['with an entry more', (text) => text.replace('"iat":', '"iat":1,"initLocalDisk":true,"iat":')],
  ['with a prototype', (text) => text.replace('{', '{"__proto__":{"decision":"approve"},')],
  ['of a newer version', (text) => text.replace('"v":1', '"v":2')],
  ['whose approver has an invisible letter', (text) => text.replace('"bob"', '"b\u{200b}ob"')],
  ['whose approver has a letter of another alphabet', (text) => text.replace('"bob"', '"b\u{43e}b"')],
  ['with a reason that turns the text around', (text) => text.replace('"says"', '"reason":"\u{202e}on","says"')],
  ['with a reason that hides a letter', (text) => text.replace('"says"', '"reason":"n\u{2060}o","says"')],
  ['that is a list', (text) => `[${text}]`],
  ['that is not JSON', () => 'approved'],
]

const jwk = publicJwk('bob')
const pem = () => createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
const from = ({ target, at }: At, change: Partial<Statement> = {}): Statement => sound(target, change, at)
const header =
  (change: object) =>
  (at: At): string =>
    makeToken('bob', from(at), { header: change as Record<string, unknown> })
const by =
  (holder: Holder, signer = holder) =>
  (at: At): string =>
    makeToken(holder, from(at, { approver: holder }), { signer })
const hs256 =
  (secret: () => string | Buffer) =>
  (at: At): string =>
    makeHs256Token('bob', from(at), secret())

/** What is wrong with the token itself, by the attack that it is. */
export const FLAWED_TOKENS: Readonly<Record<string, readonly Flawed<string>[]>> = {
  'alg none, and HS256 with the public key': [
    ['with alg none', header({ alg: 'none' }), 'algorithm'],
    ['with alg None', header({ alg: 'None' }), 'algorithm'],
    ['with alg none and no signature', (at) => header({ alg: 'none' })(at).replace(/[^.]+$/, ''), 'malformed'],
    ['with no algorithm', header({ alg: undefined }), 'header'],
    ['with several algorithms', header({ alg: ['EdDSA', 'none'] }), 'header'],
    ['with the algorithm of another kind of key', header({ alg: 'ES256' }), 'algorithm'],
    ['with HS256 by the bytes of the public key', hs256(() => Buffer.from(jwk['x'] ?? '', 'base64url')), 'algorithm'],
    ['with HS256 by the public key as JWK', hs256(() => JSON.stringify(jwk)), 'algorithm'],
    ['with HS256 by the public key as PEM', hs256(pem), 'algorithm'],
  ],
  'kid, jku, x5u, jwk and crit injection': [
    ['that brings its key along', header({ jwk: publicJwk('bob') }), 'header'],
    [
      'that brings the key along that signed it',
      (at) => makeToken('bob', from(at), { signer: 'erin', header: { alg: 'ES256', jwk: publicJwk('erin') } }),
      'header',
    ],
    ['that says where its key is', header({ jku: 'https://evil.example.com/keys' }), 'header'],
    ['that brings a certificate along', header({ x5c: ['MIIB'] }), 'header'],
    ['that says where its certificate is', header({ x5u: 'https://evil.example.com/c' }), 'header'],
    ['with critical extensions', header({ crit: ['b64'], b64: false }), 'header'],
    ['with a path for a key id', header({ kid: '../../etc/passwd' }), 'header'],
    ['with a question for a key id', header({ kid: "' OR 1=1 --" }), 'header'],
    ['with an address for a key id', header({ kid: 'https://evil.example.com/key' }), 'header'],
    ['with a name that every object has for a key id', header({ kid: '__proto__' }), 'header'],
    ['under a key id that nobody has', header({ kid: 'A'.repeat(43) }), 'unknown_key'],
    ['under the key id of bob, by the key of carol', by('bob', 'carol'), 'signature'],
    [
      'with blanks in its header',
      (at) => makeToken('bob', from(at), { headerText: JSON.stringify(soundHeader('bob'), null, 1) }),
      'header',
    ],
    [
      'with alg twice in its header',
      (at) =>
        makeToken('bob', from(at), { headerText: JSON.stringify(soundHeader('bob')).replace('{', '{"alg":"none",') }),
      'header',
    ],
  ],
  'another JWT of ours': [
    ['of the type that signs calls', header({ typ: 'startgate-call+jwt' }), 'header'],
    ['of the common type', header({ typ: 'JWT' }), 'header'],
    ['with its type as a media type', header({ typ: 'application/startgate-approval+jwt' }), 'header'],
    ['without a type', header({ typ: undefined }), 'header'],
    [
      'that says what a call says, under the type of an approval',
      (at) => makeToken('bob', { iss: 'bob', aud: at.target.audience, iat: 1, exp: 2, htm: 'POST', htu: '/' }),
      'statement',
    ],
  ],
  'another spelling of the same token': [
    ['whose last character is spelled in another way', (at) => respell(makeToken('bob', from(at))), 'not_canonical'],
    ['with padding', (at) => `${makeToken('bob', from(at))}==`, 'malformed'],
    ['with a blank before it', (at) => ` ${makeToken('bob', from(at))}`, 'malformed'],
    ['with a line break after it', (at) => `${makeToken('bob', from(at))}\n`, 'malformed'],
    ['with a fourth part', (at) => `${makeToken('bob', from(at))}.e30`, 'malformed'],
    ['in standard base64', (at) => makeToken('bob', from(at)).replace(/[^.]+$/, '++//'), 'malformed'],
    [
      'whose payload was exchanged',
      (at) =>
        makeToken('bob', from(at)).replace(
          /\.[^.]+\./,
          `.${Buffer.from(toCanonicalJson(from(at, { iat: 1 }))).toString('base64url')}.`,
        ),
      'signature',
    ],
  ],
}
