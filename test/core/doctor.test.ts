import { describe, expect, it } from 'vitest'
import { ACTIONS, ACTS, TABLES } from '#core/doctor/grants.ts'
import { FUNCTIONS, reportSchema, type FunctionRole, type Report } from '#core/doctor/report.ts'
import { readTables } from '#infra/local/create-tables.ts'
import { LOCAL_NAMES } from '#infra/local/create-spine.ts'
import { readRolePolicies } from '#infra/local/ram-policy.ts'
import { grantsOf } from '#support/ram.ts'
import { find, findAll } from './doctor-lines.ts'
import { front, NOW, reported, RUNTIME, SOUND } from './doctor-sample.ts'

describe('a sound deployment', () => {
  it('is ok in every line', () => {
    const findings = findAll(SOUND)
    expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
    expect(findings.some((finding) => 'cure' in finding)).toBe(false)
    expect(new Set(findings.map(({ check }) => check)).size).toBe(findings.length)
  })

  it('is known from reports that keep their form', () => {
    for (const role of FUNCTIONS) {
      const { answer } = SOUND[role]
      if ('ok' in answer) expect(reportSchema.parse(answer.ok.report)).toEqual(answer.ok.report)
    }
  })
})

describe('what must be', () => {
  it('is said of tables as infra/tables.json says it', () => {
    const deployed = readTables().map(({ name, primaryKey, timeToLive, maxVersions, allowUpdate }) => [
      name,
      { primaryKey, timeToLive, maxVersions, allowUpdate },
    ])
    expect(TABLES).toEqual(Object.fromEntries(deployed))
  })

  it.each(FUNCTIONS)('is said of the role of the %s as infra/ram says it', (role) => {
    const granted = grantsOf(readRolePolicies(LOCAL_NAMES)[role])
      .filter(({ action }) => Object.values(ACTIONS).includes(action))
      .map(({ action, resource }) => `${action} ${resource.split('/').at(-1)}`)
    const required = ACTS[role].filter(({ must }) => must).map(({ verb, table }) => `${ACTIONS[verb]} ${table}`)
    expect(required.toSorted()).toEqual(granted.toSorted())
  })
})

it('what is on this very computer needs no domain, and a clock may be off a little', () => {
  expect(find('address.domain', front({ url: 'http://localhost:8080' })(SOUND))?.verdict).toBe('ok')
  const off = (ms: number, role: FunctionRole = 'gate') =>
    find(`${role}.clock`, reported(role, { now: NOW + ms })(SOUND))
  expect(off(90_000)).toMatchObject({ verdict: 'ok', says: expect.stringContaining('2 min') })
  expect(off(-2000, 'starter')).toMatchObject({ verdict: 'ok', says: expect.stringContaining('2 s') })
})

describe('bytecode', () => {
  const say = (report: Partial<Report>) => find('gate.bytecode', reported('gate', report)(SOUND))

  it('that is used needs nothing', () => {
    expect(say({})).toEqual({
      check: 'gate.bytecode',
      verdict: 'ok',
      says: `Cold starts of the gate use bytecode for its Node, ${RUNTIME}.`,
    })
  })

  it.each([
    [{ bytecode: 'none' }, `Build on ${RUNTIME}`],
    [{ bytecode: 'refused', nodeFlags: '--expose-gc' }, "build with --node-flags='--expose-gc'"],
  ] as const)('that is not, %j, breaks nothing, and the line says how to build', (report, how) => {
    const finding = say(report)
    expect(finding).toMatchObject({ verdict: 'ok', says: expect.stringContaining(`runs Node ${RUNTIME}`) })
    expect(finding?.says).toContain(how)
  })
})
