// A phone in software: a passkey with the browser around it, for the demo and the tests. It asks nobody for a finger, and
// makes every assertion that no honest phone would make.
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { withDomain } from '#core/signed-text.ts'
import type { Evidence, Statement } from '#core/statement.ts'

export type PasskeyEvidence = Extract<Evidence, { kind: 'passkey' }>

export interface SoftPasskey {
  /** The credential id, base64url. */
  readonly id: string
  /** As the policy has it. */
  readonly policyKey: Readonly<Record<string, string>>
  /** Text is put beside the assertion as it is. */
  readonly assert: (statement: Statement | string, forged?: ForgedAssertion) => PasskeyEvidence
}

/** What an attacker would have otherwise than it should be; all of it is signed. */
export interface ForgedAssertion {
  /** 1 is "somebody was there", 4 "it was the owner"; default both. */
  readonly flags?: number
  readonly counter?: number
  /** Bytes after the counter. */
  readonly more?: Uint8Array
  readonly rpId?: string
  readonly type?: string
  readonly origin?: string
  readonly crossOrigin?: boolean | undefined
  readonly topOrigin?: string
  /** base64url. */
  readonly challenge?: string
  /** The bytes of the client data. */
  readonly clientData?: string
  /** The credential id that is named; it is not signed. */
  readonly credential?: string
}

export type PasskeyAlgorithm = 'ES256' | 'Ed25519' | 'RS256'

export function createSoftPasskey({
  origin,
  algorithm = 'ES256',
}: {
  readonly origin: string
  readonly algorithm?: PasskeyAlgorithm
}): SoftPasskey {
  const { privateKey, publicKey } = createKeyPair(algorithm)
  const id = randomBytes(32).toString('base64url')
  return {
    id,
    policyKey: { ...(publicKey.export({ format: 'jwk' }) as Record<string, string>), passkey: id },
    assert(said, forged = {}) {
      const statement = typeof said === 'string' ? said : toCanonicalJson(said)
      const client = {
        type: 'webauthn.get',
        challenge: sha256(withDomain(statement)).toString('base64url'),
        origin,
        crossOrigin: false,
      }
      const { flags = 0b101, counter = 0, more = Buffer.alloc(0), rpId = new URL(origin).hostname } = forged
      const { credential = id, clientData = JSON.stringify({ ...client, ...pickClientData(forged) }) } = forged
      const authenticatorData = Buffer.concat([sha256(rpId), Buffer.of(flags, 0, 0, 0, counter), more])
      const signed = Buffer.concat([authenticatorData, sha256(clientData)])
      return {
        kind: 'passkey',
        statement,
        credential,
        authenticatorData: authenticatorData.toString('base64url'),
        clientData: Buffer.from(clientData).toString('base64url'),
        // For P-256 in DER, as WebAuthn has it.
        signature: sign(algorithm === 'Ed25519' ? null : 'sha256', signed, privateKey).toString('base64url'),
      }
    },
  }
}

function createKeyPair(algorithm: PasskeyAlgorithm): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'Ed25519':
      return generateKeyPairSync('ed25519')
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
  }
}

function pickClientData(forged: ForgedAssertion): Record<string, unknown> {
  const names = ['type', 'challenge', 'origin', 'crossOrigin', 'topOrigin'] as const
  return Object.fromEntries(names.filter((name) => name in forged).map((name) => [name, forged[name]]))
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest()
}
