// Whole flows over ports in memory: what the rules and the flow cost by themselves, and how often they turn to the cloud. No
// socket, no SDK, no timer.
import { approve } from '#flow/decide.ts'
import { accepted, createWorld, type World } from '#support/world.ts'

export interface FlowsInMemory {
  readonly flows: number
  /** Processor time for each flow, ms. */
  readonly cpuMs: number
  /** Cloud calls for each flow, as `asks PutRow` → 2. */
  readonly calls: Readonly<Record<string, number>>
}

/** So that what is measured is compiled. */
const WARM_UP = 50

export async function measureFlowsInMemory(flows: number): Promise<FlowsInMemory> {
  const world = createWorld()
  for (let flow = 0; flow < WARM_UP; flow += 1) await playFlow(world, `warm-up-${flow}`)
  world.calls.forget()
  const before = process.cpuUsage()
  for (let flow = 0; flow < flows; flow += 1) await playFlow(world, `flow-${flow}`)
  const { user, system } = process.cpuUsage(before)
  const calls = Object.entries(world.calls.counts()).map(([call, count]) => [call, count / flows] as const)
  return { flows, cpuMs: (user + system) / 1000 / flows, calls: Object.fromEntries(calls) }
}

/** One approval, an instance that runs at once, and everybody is told. */
async function playFlow(world: World, key: string): Promise<void> {
  const instanceId = `i-bp1${key.replaceAll('-', '')}`
  world.instances.add({ instanceId, tags: { team: 'reporting' } }, { startingMs: 0 })
  const { proposal } = await world.ask({ instanceId }, { key })
  const { id } = proposal.request
  accepted(await approve(world.gate, id, await world.sign('bob', 'approve', proposal)))
  await world.runHints()
  const { state } = (await world.load(id)).standing
  if (state !== 'running') throw new Error(`${id} ended as ${state}`)
}
