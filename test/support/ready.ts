// A request that is approved and waits for the starter, and short ways to see what became of it.
import type { RequestId } from '#core/request-id.ts'
import { approve } from '#flow/decide.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

/** Asked and approved, with every hint lost. */
export async function ready(options: WorldOptions = {}, wish = {}) {
  const world = createWorld(options)
  const { proposal } = await world.ask(wish)
  const id = proposal.request.id
  await world.tell(id)
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  world.hints.sent.length = 0
  world.calls.forget()
  return { world, proposal, id }
}

/** Asked and approved in this world; of the hints, only those of the asking were carried out. */
export async function approved(world: World): Promise<RequestId> {
  const { proposal } = await world.ask()
  const { id } = proposal.request
  await world.runHints()
  await approve(world.gate, id, await world.sign('bob', 'approve', proposal))
  return id
}

export function typesOf(world: World): string[] {
  return world.runs.rows().map(({ type }) => type)
}

export async function stateOf(world: World, id: RequestId): Promise<string> {
  return (await world.load(id)).standing.state
}
