// A statement with an SSH signature beside it: the form is judged by core, the signature here.
import { createHash, createPublicKey, verify } from 'node:crypto'
import type { Policy } from '#core/policy.ts'
import { SSH_APPLICATION } from '#core/ssh-key.ts'
import { readSshSignature, type ReadSshSignature } from '#core/ssh-signature.ts'
import { withDomain } from '#core/signed-text.ts'
import { parseStatement, toSshNamespace, type Evidence } from '#core/statement.ts'
import type { Verified } from '#ports/evidence.ts'

export function verifySsh(
  { statement: text, signature }: Extract<Evidence, { kind: 'ssh' }>,
  policy: Policy,
): Verified {
  const read = readSshSignature(signature, policy)
  if ('flaw' in read) return read
  if (!isSigned(read, withDomain(text))) return { flaw: 'signature' }
  const statement = parseStatement(Buffer.from(text))
  if (statement === undefined) return { flaw: 'statement' }
  // The same text signed for git, a file or another deployment is no approval here.
  if (read.namespace !== toSshNamespace(statement.audience)) return { flaw: 'another_audience' }
  return { signed: { statement, principal: read.principal, key: read.key, tool: 'own-tool' } }
}

function isSigned({ namespace, hash, signature, touch, key: { jwk } }: ReadSshSignature, message: string): boolean {
  const digest = createHash(hash).update(message).digest()
  const parts = [Buffer.from(namespace, 'latin1'), Buffer.alloc(0), Buffer.from(hash), digest]
  const signed = Buffer.concat([Buffer.from('SSHSIG'), ...parts.flatMap((part) => [lengthOf(part), part])])
  const data = touch === undefined ? signed : Buffer.concat([sha256(SSH_APPLICATION), touch, sha256(signed)])
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    return verify(jwk.kty === 'OKP' ? null : 'sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    // A point that is not on the curve.
    return false
  }
}

function lengthOf(part: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest()
}
