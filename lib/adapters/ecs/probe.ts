// What the role may do with instances: seeing them, and StartInstance as a dry run and nothing else.
import type { Tried } from '#core/doctor/report.ts'
import type { LookProbe, StartProbe } from '#ports/probes.ts'
import { InstancesError } from './instances-error.ts'
import { createInstanceLooks, type LookOptions } from './looks.ts'
import { createInstanceStarts } from './starts.ts'
import type { Thrown } from './thrown.ts'

/** What ECS says to who lacks the permission. */
const FORBIDDEN = ['Forbidden.RAM', 'Forbidden.NotSupportRAM', 'Forbidden', 'NoPermission']

export function createLookProbe(options: LookOptions): LookProbe {
  const looks = createInstanceLooks(options)
  return {
    async try(regionId, instanceIds) {
      try {
        const found = await looks.look(regionId, instanceIds)
        return { tried: { is: 'done' }, visible: [...found.keys()] }
      } catch (error) {
        return { tried: error instanceof InstancesError ? toTried(error.why) : { is: 'other' }, visible: [] }
      }
    },
  }
}

export function createStartProbe(options: LookOptions): StartProbe {
  const starts = createInstanceStarts(options)
  return {
    async try(target) {
      const call = { accountId: options.accountId, ...target, initLocalDisk: false, request: 'doctor' }
      const answer = await starts.start({ ...call, dryRun: true })
      if (answer.kind === 'accepted') return { is: 'done' }
      return answer.kind === 'unsettled' ? { is: 'other', code: 'Deadline' } : toTried(answer)
    },
  }
}

function toTried(thrown: Thrown): Tried {
  if (thrown.kind !== 'answered') return { is: 'other', code: thrown.detail }
  const { code } = thrown.answer
  if (code === 'DryRunOperation') return { is: 'done' }
  return { is: FORBIDDEN.includes(code) ? 'forbidden' : 'other', code }
}
