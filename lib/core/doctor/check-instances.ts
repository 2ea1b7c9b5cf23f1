// Who sees the instances of the policy, and who may start them. Starts are dry runs: nothing is started.
import { byWorld } from './check-functions.ts'
import { unsaid } from './check-roles.ts'
import { ok, unknown, wrong, type Check, type Judged } from './finding.ts'
import { FUNCTIONS, type FunctionRole, type OwnWorld } from './report.ts'
import type { Seen } from './seen.ts'

/** ECS may say it before it looks at permissions, so it says nothing about them. */
const NO_SUCH = 'InvalidInstanceId.NotFound'
const NAME_ONE = 'Name one that the policy is for: startgate doctor --instance <id>.'

export const INSTANCE_CHECKS: readonly Check[] = [
  ...FUNCTIONS.map((role): Check => ({
    check: `${role}.may.describe`,
    cure: `Give the role of the ${role} ecs:DescribeInstances, as infra/ram/${role}.json has it: terraform apply. Without it ECS shows an empty list.`,
    judge: (seen) =>
      byWorld(seen, role, 'whether it sees instances', (world) => judgeLooks(role, world, visibleToAnyone(seen))),
  })),
  {
    check: 'gate.may-not.start',
    cure: 'Take ecs:StartInstance from the role of the gate: it may have only what infra/ram/gate.json says. Until then set reservedConcurrency of the gate to 0.',
    judge: (seen) =>
      byWorld(seen, 'gate', 'whether it may start an instance', ({ starts }) => {
        const tried = Object.entries(starts).filter(([, { code }]) => code !== NO_SUCH)
        const started = tried.find(([, { is }]) => is === 'done')
        if (started !== undefined)
          return wrong(`The gate may start ${started[0]}: it must not be able to start anything.`)
        const unclear = tried.find(([, { is }]) => is !== 'forbidden')
        if (unclear !== undefined) return unsaid(`Whether the gate may start ${unclear[0]}`, unclear[1])
        if (tried.length === 0) return unknown(sayNoneKnown('gate'), NAME_ONE)
        return ok('The gate may start nothing.')
      }),
  },
  {
    check: 'starter.may.start',
    cure: 'Tag the instance startgate: allowed. If it is tagged, give the role of the starter ecs:StartInstance with the condition on that tag, as infra/ram/starter.json has it.',
    judge: (seen) =>
      byWorld(seen, 'starter', 'whether it may start instances', ({ starts }) =>
        judgeStarts(starts, visibleToAnyone(seen)),
      ),
  },
]

/** What one function sees and the other does not is there, and is hidden from it. */
function visibleToAnyone(seen: Seen): readonly string[] {
  const worlds = FUNCTIONS.map((role) => seen[role].answer).flatMap((answer) =>
    'ok' in answer && answer.ok.report.world !== undefined ? [answer.ok.report.world] : [],
  )
  return [...new Set(worlds.flatMap(({ visible }) => visible))]
}

function judgeLooks(role: FunctionRole, { looks, visible }: OwnWorld, all: readonly string[]): Judged {
  if (looks.is === 'forbidden') return wrong(`The ${role} may not describe instances.`)
  if (looks.is === 'other') return unsaid(`Whether the ${role} sees instances`, looks)
  const hidden = all.filter((id) => !visible.includes(id))
  if (hidden.length > 0) return wrong(`The ${role} does not see ${hidden.join(', ')}, which the other function sees.`)
  return visible.length > 0
    ? ok(`The ${role} sees ${visible.join(', ')}.`)
    : unknown(
        `The ${role} sees no instance that the policy names, nor does the other function: there is none, or neither may see it.`,
        NAME_ONE,
      )
}

function judgeStarts(starts: OwnWorld['starts'], visible: readonly string[]): Judged {
  const tried = Object.entries(starts).filter(([id]) => visible.includes(id))
  const refused = tried.filter(([, { is }]) => is === 'forbidden').map(([id]) => id)
  if (refused.length > 0) return wrong(`The starter may not start ${refused.join(', ')}.`)
  const unclear = tried.find(([, { is }]) => is !== 'done')
  if (unclear !== undefined) return unsaid(`Whether the starter may start ${unclear[0]}`, unclear[1])
  return tried.length > 0
    ? ok(`The starter may start ${tried.map(([id]) => id).join(', ')} (dry run).`)
    : unknown(sayNoneKnown('starter'), NAME_ONE)
}

function sayNoneKnown(role: FunctionRole): string {
  return `No instance is known on which a dry run of the ${role} could be tried.`
}
