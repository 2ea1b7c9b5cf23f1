// Which of several ways to write a thing somebody meant who wrote none of them.
import { findNearest } from './nearest.ts'
import type * as z from './zod.ts'

type Issue = z.core.$ZodIssue
/** What is wrong with the thing, if this is how it was meant. */
export type Way = readonly Issue[]

/** The ways that know most of what is there; several where nothing tells them apart. */
export function findMeant(ways: readonly Way[]): readonly Way[] {
  const lightest = Math.min(...ways.map(weigh))
  return ways.filter((way) => weigh(way) === lightest)
}

/** The one member that each way lacks; empty where one of them lacks something else too. */
export function findLacks(ways: readonly Way[]): readonly string[] {
  const lacks = ways.map((way) => way.filter(({ code }) => code !== 'unrecognized_keys'))
  const names = lacks.map(([lack, ...more]) =>
    lack?.code === 'invalid_type' && lack.path.length === 1 && more.length === 0 ? String(lack.path[0]) : '',
  )
  return names.includes('') ? [] : names
}

function weigh(way: Way): number {
  const wanted = way.filter(({ code }) => code === 'invalid_type').map(({ path }) => String(path.at(-1)))
  return way.reduce((sum, issue) => sum + 1 + strangenessOf(issue, wanted), 0)
}

/** A member that nobody knows weighs less where it is nearly one that is wanted. */
function strangenessOf(issue: Issue, wanted: readonly string[]): number {
  if (issue.code === 'invalid_union') return 2
  if (issue.code !== 'unrecognized_keys') return 0
  return issue.keys.reduce((sum, key) => sum + (findNearest(key, wanted) === undefined ? 2 : 1), 0)
}
