// RAM's "no" as ECS words it.

import type { RamDecision } from '#infra/local/ram.ts'
import type { CloudCall } from '#infra/local/spine.ts'
import { commonError } from './common-errors.ts'
import type { EcsRefusal } from './errors.ts'

export function accessDenied(
  call: CloudCall,
  decision: Exclude<RamDecision, 'allowed'>,
  accountId: string,
): EcsRefusal {
  const { role = 'operator' } = call.credentials
  return {
    ...commonError('Forbidden.RAM'),
    accessDeniedDetail: {
      AuthAction: call.action,
      AuthPrincipalType: 'AssumedRoleUser',
      AuthPrincipalOwnerId: accountId,
      AuthPrincipalDisplayName: `${role}:${call.credentials.functionInstance ?? 'session'}`,
      NoPermissionType: decision === 'explicit-deny' ? 'ExplicitDeny' : 'ImplicitDeny',
      PolicyType: 'AccountLevelIdentityBasedPolicy',
      // Opaque to everybody but RAM's own decoder.
      EncodedDiagnosticMessage: Buffer.from(`${call.action} on ${call.resource}`).toString('base64'),
    },
  }
}
