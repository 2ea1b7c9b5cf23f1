// Plays a list of orders on the model of the two books: who begins, who steps, who dies, and how time passes.
import * as fc from 'fast-check'
import { DURATIONS, MINUTE, SECOND } from '#core/durations.ts'
import {
  createWorld,
  hinted,
  no,
  observe,
  sweep,
  type Act,
  type Chance,
  type Planted,
  type World,
} from './record-model.ts'

type Role = 'denied' | 'cancelled' | 'observe' | 'hinted' | 'sweep'

export type Order =
  | { readonly do: 'begin'; readonly as: Role; readonly chance: Chance }
  | { readonly do: 'step' | 'finish' | 'kill'; readonly who: number }
  | { readonly do: 'pass'; readonly ms: number }
  /** Somebody else starts or stops the instance. */
  | { readonly do: 'switch' }

/** Clocks of those who write are ahead of the observers' by one of `skews`. */
export function anyOrders(...skews: readonly number[]): fc.Arbitrary<readonly Order[]> {
  const chance = fc.record<Chance>({
    looks: fc.constantFrom('startable', 'startable', 'startable', 'refused', 'satisfied'),
    answer: fc.constantFrom('accepted', 'again', 'again', 'ended', 'unclear', 'applied_unclear'),
    skew: fc.constantFrom(...skews),
  })
  const begin = fc.record({
    do: fc.constant('begin' as const),
    as: fc.constantFrom<Role[]>('denied', 'cancelled', 'observe', 'hinted', 'sweep', 'sweep'),
    chance,
  })
  const act = fc.record({
    do: fc.constantFrom<('step' | 'finish' | 'kill')[]>('step', 'step', 'step', 'finish', 'finish', 'kill'),
    who: fc.nat(3),
  })
  const pass = fc.record({
    do: fc.constant('pass' as const),
    ms: fc.constantFrom(SECOND, 10 * SECOND, 40 * SECOND, MINUTE, 2 * MINUTE - SECOND, 3 * MINUTE, 5 * MINUTE),
  })
  return fc.array(
    fc.oneof(
      { weight: 4, arbitrary: begin },
      { weight: 8, arbitrary: act },
      { weight: 2, arbitrary: pass },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('switch' as const) }) },
    ),
    { minLength: 20, maxLength: 80, size: 'max' },
  )
}

interface Actor {
  readonly act: Act
  readonly since: number
}

/** After every step somebody looks, besides those who are ordered to. */
export function play(orders: readonly Order[], planted?: Planted): World {
  const world = createWorld(planted)
  const actors: Actor[] = []
  const glance = (): void => {
    const looking = observe(world, { looks: 'startable', answer: 'ended', skew: 0 })
    world.step += 1
    while (world.seen.at(-1)?.began !== world.step) looking.next()
    world.step += 1
  }
  const step = (who: number): boolean => {
    const actor = actors[who]
    if (actor === undefined) return true
    world.step += 1
    const done = actor.act.next().done === true
    if (done) actors.splice(who, 1)
    glance()
    return done
  }
  for (const order of orders) {
    switch (order.do) {
      case 'begin':
        actors.unshift({ act: begin(world, order.as, order.chance), since: world.now })
        step(0)
        break
      case 'step':
        step(order.who)
        break
      case 'finish':
        while (!step(order.who));
        break
      case 'kill':
        actors.splice(order.who, 1)
        break
      case 'pass': {
        world.now += order.ms
        // The platform ends whoever takes longer than a function may.
        const alive = actors.filter(({ since }) => world.now - since < DURATIONS.functionTimeout)
        actors.splice(0, actors.length, ...alive)
        glance()
        break
      }
      case 'switch':
        world.instance = world.instance === 'Stopped' ? 'Running' : 'Stopped'
    }
  }
  return world
}

function begin(world: World, role: Role, chance: Chance): Act {
  switch (role) {
    case 'denied':
    case 'cancelled':
      return no(world, chance, role)
    case 'observe':
      return observe(world, { ...chance, skew: 0 })
    case 'hinted':
      return hinted(world, chance)
    case 'sweep':
      return sweep(world, chance)
  }
}

/** Two looks of which the earlier saw the end, and the later, begun after it, saw something else. */
export function findLeft({ seen }: World): readonly [string, string] | undefined {
  for (const [index, first] of seen.entries()) {
    if (!first.final) continue
    const later = seen.find((each, at) => at > index && each.began > first.ended && each.state !== first.state)
    if (later !== undefined) return [first.state, later.state]
  }
  return undefined
}
