// The matrix of some flows, on several deployments at once.
import { deploy, type Deployment, type DeploymentOptions } from './deployment.ts'
import type { Flow } from './fault-flows.ts'
import { findWrong, type Ending, type Wrong } from './fault-judge.ts'
import { playCells, recordFlow, toCells, type Cell, type FlowCall } from './fault-matrix.ts'
import { anInstance, each, playOut } from './play.ts'

/** Cells one after the other on one deployment, which waits most of the time; and deployments at once. */
const IN_A_LANE = 14
const MOST_LANES = 8

interface Matrix {
  readonly endOf: (cell: Cell) => Ending
  /** How each deployment differs from the usual one. */
  readonly deployed?: Pick<DeploymentOptions, 'policy' | 'secrets'>
}

export interface MatrixResult {
  /** By flow, how many calls it makes when nothing fails. */
  readonly calls: Counts
  /** How many cells there are, how many were played, and how many of the calls and of the kinds are in these. */
  readonly size: { readonly all: number; readonly played: number; readonly calls: number; readonly kinds: number }
  readonly wrongs: readonly string[]
}

/**
 * A machine that stands still for a second makes deadlines pass that are none of the cell's: what ended in another way than
 * it should is played once more. What may never be is not.
 */
export async function playMatrix(
  flows: readonly Flow[],
  { expected, whole, ...matrix }: Matrix & { readonly expected: Counts; readonly whole: boolean },
): Promise<MatrixResult> {
  const calls = await recordAll(flows, expected, matrix)
  const played = toCells(calls, whole)
  const first = await playAll(played, matrix)
  const missed = new Set(first.filter(({ grave }) => !grave).map(({ cell }) => cell))
  const again = await playAll([...missed], matrix)
  return {
    calls: Object.fromEntries([...calls].map(([{ name }, made]) => [name, made.length])),
    size: {
      all: toCells(calls, true).length,
      played: played.length,
      calls: new Set(played.map(({ call }) => call)).size,
      kinds: new Set(played.map(({ kind }) => kind)).size,
    },
    wrongs: [...first.filter(({ grave }) => grave), ...again].map(({ what }) => what),
  }
}

type Counts = Readonly<Record<string, number>>

/** A stalling machine makes a starter stand down: what is recorded then is not the flow, and it is recorded again. */
async function recordAll(flows: readonly Flow[], expected: Counts, { deployed }: Matrix) {
  const tries = flows.flatMap((flow) => Array.from({ length: 3 }, (_, n) => ({ flow, instanceId: idOf(flow, n) })))
  const deployment = await deployFor(tries, deployed)
  try {
    const recorded = new Map<Flow, readonly FlowCall[]>()
    for (const { flow, instanceId } of tries) {
      if (recorded.get(flow)?.length === expected[flow.name]) continue
      recorded.set(flow, await recordFlow(deployment, flow, instanceId))
    }
    return recorded
  } finally {
    await deployment.close()
  }
}

function idOf({ name }: Flow, n: number): string {
  return `i-bp1calm${name.replaceAll(/\W/g, '')}${n}`
}

/** What takes long to end comes last, so that no sweep for others finds it. */
async function playAll(cells: readonly Cell[], matrix: Matrix): Promise<readonly Wrong[]> {
  const { endOf, deployed } = matrix
  const isLate = (cell: Cell): number => (endOf(cell).state === cell.flow.ends ? 0 : 1)
  const sorted = cells.toSorted((one, other) => isLate(one) - isLate(other))
  const count = Math.min(MOST_LANES, Math.ceil(cells.length / IN_A_LANE))
  const lanes = Array.from({ length: count }, (_, lane) => sorted.filter((_cell, n) => n % count === lane))
  // Brought up one by one: a machine that loads all of them at once is too slow for any.
  const deployments = await each(lanes, async (lane) => deployFor(lane, deployed), 1)
  try {
    const wrongs = lanes.map(async (lane, n) => {
      const deployment = deployments[n]
      return deployment === undefined ? [] : playLane(deployment, lane, matrix)
    })
    return (await Promise.all(wrongs)).flat()
  } finally {
    await Promise.all(deployments.map(async (deployment) => deployment.close()))
  }
}

async function playLane(
  deployment: Deployment,
  cells: readonly Cell[],
  { endOf, deployed }: Matrix,
): Promise<readonly Wrong[]> {
  try {
    const played = await playCells(deployment, cells)
    await playOut(
      deployment,
      played.map(({ request }) => request),
    )
    const wrongs = await each(played, async (one) =>
      findWrong(deployment, one, { expected: endOf(one.cell), policy: deployed?.policy }),
    )
    return wrongs.filter((wrong) => wrong !== undefined)
  } catch (error) {
    return cells.map((cell) => ({ cell, what: `${cell.name}: ${String(error)}`, grave: false }))
  }
}

async function deployFor(
  cells: readonly Pick<Cell, 'flow' | 'instanceId'>[],
  deployed: Matrix['deployed'],
): Promise<Deployment> {
  const instances = cells.map(({ instanceId, flow }) => anInstance(instanceId, { startingMs: flow.startingMs ?? 0 }))
  const deployment = await deploy({ ...deployed, instances, timers: false })
  // What an instance of a function does but once is none of the flows'.
  deployment.functions.fireTimer('starter', 'sweep')
  deployment.functions.fireTimer('gate', 'tell')
  await deployment.functions.idle()
  return deployment
}
