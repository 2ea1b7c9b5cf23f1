// A function tries what its role lets it do, and says what came of it. Nothing that it tries changes anything.
import { ACTS, INVOKES, nameOf, TABLE_NAMES } from '#core/doctor/grants.ts'
import type { FunctionRole, OwnWorld } from '#core/doctor/report.ts'
import { findTargets, type DoctorTarget } from '#core/doctor/targets.ts'
import type { Policy } from '#core/policy.ts'
import type { InvokeProbe, LookProbe, StartProbe, TableProbes } from '#ports/probes.ts'

export interface DoctorDeps {
  readonly role: FunctionRole
  readonly policy: Policy
  readonly accountId: string
  readonly regionId: string
  readonly publicUrl?: string
  readonly tables: TableProbes
  readonly starts: StartProbe
  readonly invokes: InvokeProbe
  readonly looks: LookProbe
}

/** `named`: instances besides those of the policy. */
export async function lookAround(deps: DoctorDeps, named: readonly string[]): Promise<OwnWorld> {
  const { role, policy, tables, publicUrl } = deps
  const targets = findTargets(policy, named, deps)
  const described = role === 'gate' ? TABLE_NAMES : []
  const [acts, shapes, invokes, seen, starts] = await Promise.all([
    toRecord(ACTS[role], nameOf, (act) => tables.try(act)),
    toRecord(described, String, (table) => tables.describe(table)),
    toRecord(INVOKES[role], String, (to) => deps.invokes.try(to)),
    look(deps, targets),
    toRecord(
      targets,
      ({ instanceId }) => instanceId,
      (target) => deps.starts.try(target),
    ),
  ])
  return { ...(publicUrl === undefined ? {} : { publicUrl }), tables: shapes, acts, invokes, ...seen, starts }
}

async function look(
  { looks }: DoctorDeps,
  targets: readonly DoctorTarget[],
): Promise<Pick<OwnWorld, 'looks' | 'visible'>> {
  const regions = [...new Set(targets.map(({ regionId }) => regionId))]
  const idsIn = (region: string) =>
    targets.filter(({ regionId }) => regionId === region).map(({ instanceId }) => instanceId)
  const found = await Promise.all(regions.map((region) => looks.try(region, idsIn(region))))
  const tried = found.map((each) => each.tried).find(({ is }) => is !== 'done')
  return { looks: tried ?? { is: 'done' }, visible: found.flatMap(({ visible }) => visible) }
}

async function toRecord<Item, Value>(
  items: readonly Item[],
  name: (item: Item) => string,
  work: (item: Item) => Promise<Value>,
): Promise<Record<string, Value>> {
  return Object.fromEntries(await Promise.all(items.map(async (item) => [name(item), await work(item)] as const)))
}
