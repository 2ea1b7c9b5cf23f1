import { describe, expect, it } from 'vitest'
import { ACTS, nameOf, TABLE_NAMES } from '#core/doctor/grants.ts'
import type { Tried } from '#core/doctor/report.ts'
import { lookAround, type DoctorDeps } from '#flow/doctor/look-around.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'

const DONE: Tried = { is: 'done' }

function createDeps(role: 'gate' | 'starter', changes: Partial<DoctorDeps> = {}) {
  const calls: string[] = []
  const note = (call: string): Promise<Tried> => {
    calls.push(call)
    return Promise.resolve(DONE)
  }
  const deps: DoctorDeps = {
    role,
    policy: teamPolicy(),
    accountId: '1234567890123456',
    regionId: 'cn-hangzhou',
    tables: { try: (act) => note(nameOf(act)), describe: async (name) => ({ tried: await note(`describe ${name}`) }) },
    starts: { try: ({ regionId, instanceId }) => note(`start ${regionId} ${instanceId}`) },
    invokes: { try: (to) => note(`invoke ${to}`) },
    looks: {
      try: async (region, ids) => ({ tried: await note(`look ${region} ${ids.join(' ')}`), visible: ids.slice(0, 1) }),
    },
    ...changes,
  }
  return { deps, calls }
}

/** Names no instance at all. */
const anyOf = teamPolicy({ ...teamDocument(), schedules: {}, rules: [{ ...teamDocument().rules[1], name: 'any' }] })

describe('the gate', () => {
  it('tries every act of its role, describes the tables, and tries a start of each instance', async () => {
    const { deps, calls } = createDeps('gate', { publicUrl: 'https://start.example.com' })
    const world = await lookAround(deps, ['i-bp1named'])
    expect(calls.toSorted()).toEqual(
      [
        ...ACTS.gate.map(nameOf),
        ...TABLE_NAMES.map((name) => `describe ${name}`),
        'invoke gate',
        'invoke starter',
        'look cn-hangzhou i-bp1named i-bp1reporting',
        'start cn-hangzhou i-bp1named',
        'start cn-hangzhou i-bp1reporting',
      ].toSorted(),
    )
    expect(world).toMatchObject({
      publicUrl: 'https://start.example.com',
      looks: DONE,
      visible: ['i-bp1named'],
      invokes: { gate: DONE, starter: DONE },
      starts: { 'i-bp1named': DONE, 'i-bp1reporting': DONE },
    })
  })

  it('tries no start where it knows no instance', async () => {
    const { deps, calls } = createDeps('gate', { policy: anyOf })
    expect(await lookAround(deps, [])).toMatchObject({ starts: {}, looks: DONE, visible: [] })
    expect(calls.filter((call) => /^(look|start)/.test(call))).toEqual([])
  })
})

describe('the starter', () => {
  it('tries a start of each instance, looks in each region, and describes no table', async () => {
    const aliases = { db: { instanceId: 'i-bp1alias', regionId: 'cn-beijing' } }
    const { deps, calls } = createDeps('starter', { policy: teamPolicy({ ...teamDocument(), aliases }) })
    const { tables, starts, visible } = await lookAround(deps, [])
    expect(tables).toEqual({})
    expect(Object.keys(starts).toSorted()).toEqual(['i-bp1alias', 'i-bp1reporting'])
    expect(calls).toEqual(expect.arrayContaining(['look cn-beijing i-bp1alias', 'look cn-hangzhou i-bp1reporting']))
    expect(visible.toSorted()).toEqual(['i-bp1alias', 'i-bp1reporting'])
  })

  it('says what came of a look that failed', async () => {
    const failed = { is: 'other', code: 'Deadline' } as const
    const looks = { try: () => Promise.resolve({ tried: failed, visible: [] }) }
    const world = await lookAround(createDeps('starter', { looks }).deps, [])
    expect(world).toMatchObject({ looks: failed, visible: [] })
  })
})
