// How the models begin, and what the processes in them do.
import { SECOND } from '#core/durations.ts'
import type { Proposal } from '#core/proposal.ts'
import { isRefused } from '#core/refusal.ts'
import type { RequestId } from '#core/request-id.ts'
import type { Row } from '#core/row.ts'
import { ask, type Asker, type Wish } from '#flow/ask.ts'
import { approve, cancel, deny } from '#flow/decide.ts'
import type { GateDeps } from '#flow/deps.ts'
import { start } from '#flow/start.ts'
import { sweep } from '#support/sweep.ts'
import { tell, tellDue } from '#flow/tell.ts'
import type { ReadableBook } from '#ports/book.ts'
import { createLedger, type Ledger } from '#simulation/ledger.ts'
import { PLACE, type Approver, type Version } from '#simulation/policies.ts'
import { createDeps } from './deps.ts'
import { BEGIN, createPorts, INSTANCE, perform, type Change } from './ports.ts'
import type { Actor } from './process.ts'

const ASKER: Asker = { principal: 'alice', via: 'api', key: 'key-1' }
const WISH: Wish = {
  ...PLACE,
  instanceId: INSTANCE,
  reason: 'needed',
  initLocalDisk: false,
  dryRun: false,
  notBefore: null,
}

/** Things happen one after the other before a model begins; they are kept to be done again. */
async function play(
  { ledger, version }: { readonly ledger: Ledger; readonly version?: Version | undefined },
  script: (gate: GateDeps, carryOut: (change: Change) => Promise<unknown>) => Promise<void>,
): Promise<readonly Change[]> {
  const ports = createPorts()
  const done: Change[] = []
  const carryOut = (change: Change): Promise<unknown> => {
    done.push(change)
    return perform(ports, change)
  }
  const setting = { ledger, ...(version === undefined ? {} : { version }) }
  const { gate } = createDeps(setting, (call) => carryOut({ do: 'call', call }), ports.clock, 1)
  await script(gate, carryOut)
  return done
}

export interface AskedOptions {
  readonly version?: Version | undefined
  readonly approved?: readonly Approver[]
  /** Of the instance by then; default: Stopped. */
  readonly status?: 'Running'
  /** So much later the model begins, ms. */
  readonly passed?: number
}

/** Alice has asked. */
export async function beginAsked({ version, approved = [], status, passed = 0 }: AskedOptions = {}) {
  const ledger = createLedger()
  let proposal: Proposal | undefined
  const before = await play({ ledger, version }, async (gate, carryOut) => {
    const answer = await ask(gate, ASKER, WISH)
    if (isRefused(answer)) throw new Error(JSON.stringify(answer.refusal))
    proposal = answer.proposal
    for (const by of approved) await approve(gate, proposal.request.id, sign(ledger, by, 'approve', proposal))
    if (status !== undefined) await carryOut({ do: 'become', status })
    if (passed > 0) await carryOut({ do: 'leap', ms: passed })
  })
  if (proposal === undefined) throw new Error('nothing was asked')
  const { id } = proposal.request
  const setting = { ledger, before, ...(version === undefined ? {} : { version }) }
  return { setting, proposal, ...actors(id, ledger, proposal) }
}

/** Alice's ask died between its entry in the open set and its commit, so long ago, ms. */
export async function beginHalfAsked(passed: number) {
  const ledger = createLedger()
  const before = await play({ ledger }, async (gate, carryOut) => {
    const asks = { ...readOnly(gate.asks), put: () => Promise.reject(new Error('dead')) }
    await ask({ ...gate, asks }, ASKER, WISH).catch(() => {})
    await carryOut({ do: 'leap', ms: passed })
  })
  return { setting: { ledger, before } }
}

function readOnly({ read, latest }: ReadableBook): ReadableBook {
  return { read, latest }
}

function sign(ledger: Ledger, by: Approver, decision: 'approve' | 'deny', proposal: Proposal) {
  return ledger.sign(by, decision, proposal, BEGIN / SECOND, 'own-tool')
}

type Bounds = Pick<Actor, 'after' | 'skew'>

export function asks(name: string): Actor {
  return { name, gate: (deps) => ask(deps, ASKER, WISH), leaves: holds('requested', 'alice') }
}

export function tellTimer(bounds: Bounds = {}): Actor {
  return { ...bounds, name: 'tell timer', gate: tellDue }
}

/** What people and functions do about the one request of a model. */
function actors(id: RequestId, ledger: Ledger, proposal: Proposal) {
  return {
    approves(by: Approver, bounds: Bounds = {}): Actor {
      const evidence = sign(ledger, by, 'approve', proposal)
      return {
        ...bounds,
        name: `${by} approves`,
        gate: (deps) => approve(deps, id, evidence),
        leaves: holds('approved', by),
      }
    },
    denies(by: Approver, bounds: Bounds = {}): Actor {
      const evidence = sign(ledger, by, 'deny', proposal)
      return { ...bounds, name: `${by} denies`, gate: (deps) => deny(deps, id, evidence), leaves: holdsNo }
    },
    cancels: (bounds: Bounds = {}): Actor => ({
      ...bounds,
      name: 'alice cancels',
      gate: (deps) => cancel(deps, id, 'alice'),
      leaves: holdsNo,
    }),
    starts: (name: string, bounds: Bounds = {}): Actor => ({ ...bounds, name, starter: (deps) => start(deps, id) }),
    sweeps: (bounds: Bounds = {}): Actor => ({ ...bounds, name: 'sweep', starter: sweep }),
    tells: (bounds: Bounds = {}): Actor => ({ ...bounds, name: 'tell', gate: (deps) => tell(deps, id, 'hint') }),
  }
}

const holds = (type: string, by: string) => (rows: readonly Row[]) =>
  rows.some((row) => row.type === type && 'principal' in row.actor && row.actor.principal === by)

const holdsNo = (rows: readonly Row[]): boolean => rows.some(({ type }) => type === 'denied' || type === 'cancelled')
