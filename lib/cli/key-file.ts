// The private key of a person or a machine: a JWK in a file that only its owner may read. It never leaves the machine.
import { generateKeyPairSync } from 'node:crypto'
import type { PrivateJwk } from '#adapters/evidence/sign-jws.ts'
import { toThumbprint } from '#core/digest.ts'
import { parseJson } from '#core/json.ts'
import * as z from '#core/zod.ts'
import { EXIT, Failure } from './failure.ts'
import type { Io } from './io.ts'

const bytes32 = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))
const privateJwkSchema = z.discriminatedUnion('kty', [
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: bytes32, d: bytes32 }),
  z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: bytes32, y: bytes32, d: bytes32 }),
])

export type PublicJwk = Readonly<Record<string, string>>

export function createPrivateJwk(): PrivateJwk {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateJwkSchema.parse(privateKey.export({ format: 'jwk' }))
}

export async function writeKeyFile({ files }: Io, path: string, jwk: PrivateJwk): Promise<void> {
  if ((await files.createSecret(path, `${JSON.stringify(jwk)}\n`)) === 'created') return
  throw new Failure(EXIT.usage, `There is a file ${path} already, and a key is never overwritten.`, {
    next: ['Choose another file with --out, or move the old one away once the policy names it no more.'],
  })
}

export interface KeyFile {
  readonly jwk: PrivateJwk
  /** True when others on this machine could read it. */
  readonly exposed: boolean
}

export async function readKeyFile({ files }: Io, path: string): Promise<KeyFile> {
  const text = await files.read(path)
  if (text === undefined) {
    throw new Failure(EXIT.usage, `There is no key file ${path}.`, {
      next: ['Make one with: startgate enrol --name <your name>', 'Or name it with --key or STARTGATE_KEY.'],
    })
  }
  const parsed = privateJwkSchema.safeParse(parseJson(text))
  if (!parsed.success) {
    throw new Failure(EXIT.usage, `${path} holds no private key: a JWK of Ed25519 or P-256 is expected.`, {
      next: ['Make one with: startgate enrol --name <your name>'],
    })
  }
  return { jwk: parsed.data, exposed: ((await files.mode(path)) & 0o077) !== 0 }
}

/** The members that make a policy's key, and its thumbprint. */
export function toPublicJwk({ d: _secret, ...jwk }: PrivateJwk): PublicJwk {
  return jwk
}

export function toKid(jwk: PrivateJwk): string {
  return toThumbprint(toPublicJwk(jwk))
}

/** A gate does not say what it has against a signature; this says what it was made with. */
export function sayKey(name: string, file: string, kid: string | undefined): string {
  return `It was signed as ${name} with ${kid === undefined ? 'the key' : `key ${kid}`} of ${file}.`
}
