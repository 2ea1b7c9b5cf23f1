import { expect } from '#infra/demo/deviation.ts'
import { FLEET } from '#infra/demo/fleet.ts'
import type { Stage } from '#infra/demo/stage.ts'

/** Counted by the cloud, not by the service. `approved`: how many requests the story has seen approved. */
export function theSum({ narrator, cloud }: Stage, approved: number): void {
  narrator.scene('What the cloud counted')
  const { instances } = cloud.ecs
  const { operations } = cloud.spine
  const calls = operations.since().filter(({ operation, role }) => operation === 'StartInstance' && role === 'starter')
  const rows = FLEET.map(({ id, name = '' }) => [
    name,
    String(calls.filter(({ subject }) => subject.includes(id)).length),
    String(instances.starts(id).length),
    instances.find(id)?.phase.status ?? '',
  ])
  narrator.table([['Instance', 'StartInstance', 'Started', 'Now'], ...rows])

  const starts = instances.starts()
  const started = new Set(starts.map(({ instanceId }) => instanceId))
  expect(started.size === approved && starts.length === approved, 'not every instance was started exactly once')
  expect(
    starts.every(({ role }) => role === 'starter'),
    'somebody else than the starter started an instance',
  )
  const running = [...started].filter((id) => instances.find(id)?.phase.status === 'Running').length
  expect(running === approved - 1, `${running} instances run where ${approved - 1} should`)
  const total = operations.counts().reduce((sum, { calls: some }) => sum + some, 0)
  narrator.say(
    'StartInstance: how often the starter called it for this machine. Started: how often it took effect. The try with',
    'the role of the gate, which was refused, is not among them.',
  )
  narrator.good(
    `${approved + 2} starts asked: ${approved} approved and started, each exactly once; 2 denied and never started`,
  )
  narrator.good(`${running} of the ${approved} run; one was stopped later, and a used approval did not bring it back`)
  narrator.good(`${total} cloud calls in all, those for looking on included`)
}
