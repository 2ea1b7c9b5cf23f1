// The tables, and each role by what it must and must not be able to do.
import { byWorld } from './check-functions.ts'
import { notLearned, ok, unknown, wrong, type Check, type Judged } from './finding.ts'
import { ACTIONS, ACTS, INVOKES, nameOf, TABLE_NAMES, TABLES, type Act, type TableName, type Verb } from './grants.ts'
import { FUNCTIONS, type Described, type FunctionRole, type TableShape, type Tried } from './report.ts'

const AGAIN = 'Look the code up, and run startgate doctor again.'

export const TABLE_CHECKS: readonly Check[] = TABLE_NAMES.map((table) => ({
  check: `table.${table}`,
  cure: `Make it as infra/tables.json has it: terraform apply in infra/terraform. A key cannot be changed: a table that holds requests has to be copied into a new one.`,
  judge: (seen) =>
    byWorld(seen, 'gate', `the table ${table}`, ({ tables }) => judgeTable(table, tables[table] ?? NOT_TRIED)),
}))

const NOT_TRIED: Described = { tried: { is: 'other', code: 'not tried' } }

function judgeTable(table: TableName, { tried, shape }: Described): Judged {
  if (tried.is === 'forbidden')
    return unknown(
      `The gate may not describe the table ${table}.`,
      `Give its role ots:DescribeTable on ${table}, as infra/ram/gate.json has it.`,
    )
  if (tried.code === 'OTSObjectNotExist')
    return wrong(`The table ${table} does not exist.`, 'Make it: terraform apply in infra/terraform.')
  if (shape === undefined) return unsaid(`What the table ${table} looks like`, tried)
  const flaws = findFlaws(shape, TABLES[table])
  return flaws.length === 0
    ? ok(`The table ${table} has the right key and keeps its rows.`)
    : wrong(`The table ${table} is another than it must be: ${flaws.join('; ')}.`)
}

function findFlaws(is: TableShape, must: TableShape): readonly string[] {
  const sayKey = ({ primaryKey }: TableShape) => primaryKey.map(({ name, type }) => `${name} ${type}`).join(', ')
  return [
    ...(sayKey(is) === sayKey(must) ? [] : [`its key is ${sayKey(is)}, not ${sayKey(must)}`]),
    ...(is.timeToLive === must.timeToLive ? [] : [`it forgets rows after ${is.timeToLive} s`]),
    ...(is.maxVersions === must.maxVersions ? [] : [`it keeps ${is.maxVersions} versions, not ${must.maxVersions}`]),
    ...(is.allowUpdate === must.allowUpdate
      ? []
      : [is.allowUpdate ? 'its rows may be updated' : 'its rows may not be updated']),
  ]
}

const SAID: Readonly<Record<Verb, string>> = {
  get: 'read a row of',
  range: 'read',
  put: 'write',
  delete: 'remove rows of',
}

export const ROLE_CHECKS: readonly Check[] = FUNCTIONS.flatMap((role) => [
  ...ACTS[role].map((act) => toCheck(role, act)),
  ...INVOKES[role].map((to) => toInvokeCheck(role, to)),
])

function toCheck(role: FunctionRole, act: Act): Check {
  const { verb, table, must } = act
  const grant = `${ACTIONS[verb]} on the table ${table}`
  const said = `${SAID[verb]} ${table}`
  return {
    check: `${role}.${must ? 'may' : 'may-not'}.${verb}.${table}`,
    cure: must
      ? `Give the role of the ${role} ${grant}, as infra/ram/${role}.json has it: terraform apply.`
      : `Take ${grant} from the role of the ${role}: it may have only what infra/ram/${role}.json says. Then see whether anybody used it.`,
    judge: (seen) =>
      byWorld(seen, role, `whether it can ${said}`, ({ acts }) => {
        const tried = acts[nameOf(act)] ?? NOT_TRIED.tried
        if (tried.is === 'other') return unsaid(`Whether the ${role} can ${said}`, tried)
        const can = tried.is !== 'forbidden'
        const says = `The ${role} ${can ? 'can' : 'cannot'} ${said}`
        if (can === must) return ok(`${says}.`)
        return wrong(`${says}: it must${must ? '' : ' not'} be able to.`)
      }),
  }
}

/** It was an event that does nothing. */
function toInvokeCheck(role: FunctionRole, to: FunctionRole): Check {
  const itself = role === to ? 'itself' : `the ${to}`
  return {
    check: `${role}.hints.${to}`,
    cure: `Give the role of the ${role} fc:InvokeFunction on the function of the ${to}, as infra/ram/${role}.json has it; if it has it, look at INVOKE_ENDPOINT. Until then the timers do the work a minute later, but chats are not answered.`,
    judge: (seen) =>
      byWorld(seen, role, `whether its hints to ${itself} are accepted`, ({ invokes }) => {
        const tried = invokes[to] ?? NOT_TRIED.tried
        return tried.is === 'done'
          ? ok(`The ${role}’s hints to ${itself} are accepted.`)
          : wrong(`The ${role}’s hints to ${itself} are not accepted (${tried.code ?? tried.is}).`)
      }),
  }
}

export function unsaid(what: string, { is, code = is }: Tried): Judged {
  return { ...notLearned(what, { failure: code }, ''), cure: AGAIN }
}
