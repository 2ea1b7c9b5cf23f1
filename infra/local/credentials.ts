// The keys of the local cloud: short-lived ones for functions, and one for the operator.

import { randomBytes } from 'node:crypto'
import type { Credentials, Spine } from './spine.ts'

export interface CredentialStore {
  /** The operator's key: does not expire, and RAM does not restrict it. Seeds and tests use it. */
  readonly operator: Credentials
  issue: Spine['credentials']['issue']
  /** Also finds expired keys, so that a service can tell "expired" from "never existed". */
  find: Spine['credentials']['find']
  /** As when a role's sessions are revoked. */
  expire: Spine['credentials']['expire']
}

export interface CredentialStoreOptions {
  readonly now: () => number
  readonly operator?: { readonly accessKeyId: string; readonly accessKeySecret: string }
}

const LOCAL_OPERATOR = { accessKeyId: 'local-operator', accessKeySecret: 'local-operator-secret' }
/** How long an expired key is still recognised as expired; after that it is unknown. */
const FORGET_AFTER_MS = 60 * 60 * 1000
const SWEEP_EVERY = 1000

export function createCredentials(options: CredentialStoreOptions): CredentialStore {
  const operator: Credentials = options.operator ?? LOCAL_OPERATOR
  if (operator.accessKeyId.startsWith('STS.')) throw new Error('the operator key id must not begin with "STS."')
  const issued = new Map<string, Credentials>()
  let sinceSweep = 0

  return {
    operator,
    issue(role, { ttlMs, functionInstance }) {
      sinceSweep += 1
      if (sinceSweep >= SWEEP_EVERY) {
        forgetOld(issued, options.now())
        sinceSweep = 0
      }
      const credentials: Credentials = {
        // fc2 leaves the token out of its signature unless the key id begins like this.
        accessKeyId: `STS.${randomBytes(12).toString('hex')}`,
        accessKeySecret: randomBytes(24).toString('base64url'),
        securityToken: randomBytes(48).toString('base64'),
        role,
        expiresAt: options.now() + ttlMs,
        ...(functionInstance === undefined ? {} : { functionInstance }),
      }
      issued.set(credentials.accessKeyId, credentials)
      return credentials
    },
    find(accessKeyId) {
      return accessKeyId === operator.accessKeyId ? operator : issued.get(accessKeyId)
    },
    expire(accessKeyId) {
      const found = issued.get(accessKeyId)
      if (found === undefined) return false
      issued.set(accessKeyId, { ...found, expiresAt: options.now() })
      return true
    },
  }
}

/** A key is issued per invocation, so a long-running local cloud would otherwise grow without end. */
function forgetOld(issued: Map<string, Credentials>, now: number): void {
  for (const [id, { expiresAt }] of issued) {
    if (expiresAt !== undefined && expiresAt + FORGET_AFTER_MS < now) issued.delete(id)
  }
}
