import type { Thrown } from './thrown.ts'

/** ECS gave no clear answer to a look. Not this: an instance that it does not show, which is an answer. */
export class InstancesError extends Error {
  override readonly name = 'InstancesError'
  readonly code = 'instances_unavailable'
  readonly why: Thrown

  constructor(regionId: string, why: Thrown) {
    const { detail, code, requestId } = why.kind === 'answered' ? why.answer : { detail: why.detail }
    const details = [code, detail, requestId].filter((part) => part !== undefined)
    super(`the instances in ${regionId} could not be looked at (${details.join(', ')})`)
    this.why = why
  }
}
