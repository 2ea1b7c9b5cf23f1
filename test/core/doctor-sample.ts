// A deployment with nothing wrong, as `startgate doctor` sees it.
import { ACTS, INVOKES, nameOf, TABLE_NAMES, TABLES } from '#core/doctor/grants.ts'
import type { FunctionRole, OwnWorld, Report, Tried } from '#core/doctor/report.ts'
import type { Seen, SeenFunction, Trigger } from '#core/doctor/seen.ts'

export const RUNTIME = 'v20.20.2-linux-x64'
export const NOW = 1_795_424_400_000
export const ID = 'i-bp1reporting'

const DONE: Tried = { is: 'done' }
const FORBIDDEN: Tried = { is: 'forbidden', code: 'OTSNoPermissionAccess' }

export function timer(job: string, changes: Partial<Trigger> = {}): Trigger {
  return {
    name: job,
    type: 'timer',
    cronExpression: '@every 1m',
    enable: true,
    payload: JSON.stringify({ job }),
    ...changes,
  }
}

export const HTTP: Trigger = { name: 'http', type: 'http', authType: 'anonymous', methods: ['GET', 'HEAD', 'POST'] }

function worldOf(role: FunctionRole): OwnWorld {
  const isGate = role === 'gate'
  return {
    ...(isGate ? { publicUrl: 'https://start.example.com' } : {}),
    tables: isGate ? Object.fromEntries(TABLE_NAMES.map((name) => [name, { tried: DONE, shape: copy(name) }])) : {},
    acts: Object.fromEntries(ACTS[role].map((act) => [nameOf(act), act.must ? { is: 'condition' } : FORBIDDEN])),
    invokes: Object.fromEntries(INVOKES[role].map((to) => [to, DONE])),
    looks: DONE,
    visible: [ID],
    starts: { [ID]: isGate ? { is: 'forbidden', code: 'Forbidden.RAM' } : DONE },
  }
}

function copy(name: (typeof TABLE_NAMES)[number]) {
  return { ...TABLES[name], primaryKey: [...TABLES[name].primaryKey] }
}

function reportOf(role: FunctionRole): Report {
  return {
    function: role,
    build: '0.1.0 abc',
    runtime: RUNTIME,
    nodeFlags: '',
    bytecode: 'used',
    policy: 'd'.repeat(64),
    audience: '1234567890123456/cn-hangzhou/startgate-starter',
    now: NOW,
    lastTimer: NOW - 20_000,
    problems: [],
    world: worldOf(role),
  }
}

function functionOf(role: FunctionRole): SeenFunction {
  return {
    name: `startgate-${role}`,
    answer: { ok: { report: reportOf(role), at: NOW } },
    settings: { ok: { runtime: 'nodejs20', handler: `${role}.handler`, timeout: 120 } },
    triggers: { ok: role === 'gate' ? [HTTP, timer('tell')] : [timer('sweep')] },
    asyncRetries: { ok: role === 'gate' ? 2 : 0 },
    reserved: { ok: 5 },
  }
}

export const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' }

export const SOUND: Seen = {
  gate: functionOf('gate'),
  starter: functionOf('starter'),
  front: {
    url: 'https://start.example.com',
    answer: { ok: { status: 200, headers: HEADERS, health: { healthy: true, problems: [] } } },
  },
}

export type Change = (seen: Seen) => Seen

export function outside(role: FunctionRole, changes: Partial<SeenFunction>): Change {
  return (seen) => ({ ...seen, [role]: { ...seen[role], ...changes } })
}

export function reported(role: FunctionRole, changes: Partial<Report>): Change {
  return (seen) => outside(role, { answer: { ok: { at: NOW, report: { ...reportOf(role), ...changes } } } })(seen)
}

export function inWorld(role: FunctionRole, changes: Partial<OwnWorld>): Change {
  return reported(role, { world: { ...worldOf(role), ...changes } })
}

/** Of a function that is not set up right. */
export function worldless(role: FunctionRole): Change {
  const { world: _, ...report } = reportOf(role)
  return outside(role, { answer: { ok: { at: NOW, report: { ...report, problems: ['VIEW_KEY is missing'] } } } })
}

export function tried(role: FunctionRole, act: string, now: Tried): Change {
  return inWorld(role, { acts: { ...worldOf(role).acts, [act]: now } })
}

export function all(...changes: readonly Change[]): Change {
  return (seen) => changes.reduce((changed, change) => change(changed), seen)
}

/** How an operator's call may fail: for want of a permission, or on its way. */
export const refused = { failure: 'AccessDenied', status: 403 }
export const lost = { failure: 'connect ECONNREFUSED' }

export function front(changes: object): Change {
  return (seen) => ({
    ...seen,
    front: { url: 'https://start.example.com', answer: lost, ...seen.front, ...changes },
  })
}
