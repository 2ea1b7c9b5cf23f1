// One file per kind of evidence; this one only chooses.
import type { EvidenceVerifier } from '#ports/evidence.ts'
import { verifyJws } from './jws.ts'
import { verifyPasskey } from './passkey.ts'
import { verifySsh } from './ssh.ts'

export function createEvidenceVerifier(): EvidenceVerifier {
  return {
    async verify(evidence, policy) {
      switch (evidence.kind) {
        case 'jws':
          return verifyJws(evidence.token, policy)
        case 'ssh':
          return verifySsh(evidence, policy)
        case 'passkey':
          return verifyPasskey(evidence, policy)
      }
    },
  }
}
