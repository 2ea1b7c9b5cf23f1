// What every attack is followed by: the starter is made to look in every way there is.
import { expect } from 'vitest'
import { approved, requested, type Hostile, type SignedRequest } from './hostile.ts'

/** Not even a call that ECS would refuse is made. */
export async function expectNoStart(gate: Hostile, { id }: Pick<SignedRequest, 'id'>): Promise<void> {
  const mark = gate.cloud.spine.operations.mark()
  await gate.provoke(id)
  expect(gate.startCalls(mark)).toEqual([])
}

/** Started once, and not again when it is stopped by hand and the starter looks once more. */
export async function expectOneStart(gate: Hostile, { id, instanceId, proposal }: SignedRequest): Promise<void> {
  const { instances } = gate.cloud.ecs
  await gate.until(`${id} is started and seen running`, async () => {
    await gate.provoke(id)
    return gate.runsOf(proposal).includes('running') ? true : undefined
  })
  expect(instances.starts(instanceId)).toHaveLength(1)
  instances.change(instanceId, { status: 'Stopped' })
  await gate.provoke(id)
  expect(instances.starts(instanceId)).toHaveLength(1)
  await gate.forget(id)
}

/** The same way of writing, with what was really signed: that starts, so what did not start was refused for its content. */
export async function expectOneStartOnceHonest(gate: Hostile, signed: SignedRequest): Promise<void> {
  await gate.forge(signed.id, [requested(signed.proposal), approved(signed.evidence)])
  await expectOneStart(gate, signed)
}
