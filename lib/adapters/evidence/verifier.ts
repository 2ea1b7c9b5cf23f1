// One file per kind of evidence; this one only chooses.
import type { EvidenceVerifier } from '#ports/evidence.ts'
import { verifyJws } from './jws.ts'

export function createEvidenceVerifier(): EvidenceVerifier {
  return {
    async verify({ kind, token }, policy) {
      switch (kind) {
        case 'jws':
          return verifyJws(token, policy)
      }
    },
  }
}
