// A statement with an SSH signature beside it.
import { createHash } from 'node:crypto'
import type { Policy } from '#core/policy.ts'
import { isSigned } from '#core/signature.ts'
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
  if (!isSigned(read.key.jwk, toSignedBytes(read, withDomain(text)), read.signature)) return { flaw: 'signature' }
  const statement = parseStatement(Buffer.from(text))
  if (statement === undefined) return { flaw: 'statement' }
  // The same text signed for git, a file or another deployment is no approval here.
  if (read.namespace !== toSshNamespace(statement.audience)) return { flaw: 'another_audience' }
  return { signed: { statement, principal: read.principal, key: read.key, tool: 'own-tool' } }
}

function toSignedBytes({ namespace, hash, touch }: ReadSshSignature, message: string): Buffer {
  const digest = createHash(hash).update(message).digest()
  const parts = [Buffer.from(namespace, 'latin1'), Buffer.alloc(0), Buffer.from(hash), digest]
  const signed = Buffer.concat([Buffer.from('SSHSIG'), ...parts.flatMap((part) => [lengthOf(part), part])])
  return touch === undefined ? signed : Buffer.concat([sha256(SSH_APPLICATION), touch, sha256(signed)])
}

function lengthOf(part: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest()
}
