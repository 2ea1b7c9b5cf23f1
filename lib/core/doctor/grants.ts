// The tables as they must be, and what each role must and must not be able to do with them.
import type { FunctionRole, TableShape } from './report.ts'

const KEPT = { timeToLive: -1, maxVersions: 1 } as const

/** The same as `infra/tables.json`; a test keeps the two equal. */
export const TABLES = {
  asks: { ...KEPT, allowUpdate: false, primaryKey: [text('request'), integer('seq')] },
  runs: { ...KEPT, allowUpdate: false, primaryKey: [text('digest'), integer('n')] },
  open: { ...KEPT, allowUpdate: true, primaryKey: [text('shard'), text('request')] },
  days: { ...KEPT, allowUpdate: false, primaryKey: [text('day'), integer('at'), text('request')] },
} as const satisfies Readonly<Record<string, TableShape>>

export type TableName = keyof typeof TABLES
export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[]

export type Verb = 'get' | 'range' | 'put' | 'delete'
/** RAM's names. */
export const ACTIONS: Readonly<Record<Verb, string>> = {
  get: 'ots:GetRow',
  range: 'ots:GetRange',
  put: 'ots:PutRow',
  delete: 'ots:DeleteRow',
}

export interface Act {
  readonly verb: Verb
  readonly table: TableName
  readonly must: boolean
}

const REQUIRED: Readonly<Record<FunctionRole, Readonly<Partial<Record<TableName, readonly Verb[]>>>>> = {
  gate: { asks: ['get', 'range', 'put'], open: ['range', 'put', 'delete'], days: ['range', 'put'], runs: ['range'] },
  starter: { runs: ['get', 'range', 'put'], asks: ['range'], open: ['range'] },
}

/** Whatever writes and is not required is forbidden; reading more than is needed gives nobody power. */
export const ACTS: Readonly<Record<FunctionRole, readonly Act[]>> = { gate: actsOf('gate'), starter: actsOf('starter') }

export function nameOf({ verb, table }: Pick<Act, 'verb' | 'table'>): string {
  return `${verb} ${table}`
}

/** The functions that each sends hints and events to. */
export const INVOKES: Readonly<Record<FunctionRole, readonly FunctionRole[]>> = {
  gate: ['gate', 'starter'],
  starter: ['gate'],
}

function actsOf(role: FunctionRole): readonly Act[] {
  const verbs = Object.keys(ACTIONS) as readonly Verb[]
  return TABLE_NAMES.flatMap((table) =>
    verbs
      .map((verb) => ({ verb, table, must: REQUIRED[role][table]?.includes(verb) ?? false }))
      .filter(({ verb, must }) => must || verb === 'put' || verb === 'delete'),
  )
}

function text(name: string) {
  return { name, type: 'STRING' } as const
}

function integer(name: string) {
  return { name, type: 'INTEGER' } as const
}
