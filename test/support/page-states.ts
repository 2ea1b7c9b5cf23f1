// One deployment with a request in each state that looks different on the page.
import type { Browser } from 'playwright-core'
import type { RequestId } from '#core/request-id.ts'
import type { Credential } from './browser.ts'
import { deploy, type Deployment } from './deployment.ts'
import { anInstance, askFor, playOut, type Played } from './play.ts'
import type { Person } from './team.ts'
import { enrolAll, visit } from './visitor.ts'

/** What somebody may try who may name an instance or give a reason. */
export const HOSTILE_NAME = '<img src=x onerror=alert(1)>'
export const HOSTILE_REASON = '"></p><script>alert(2)</script></style> ]]> &amp; the monthly report'

const HOUR = 3_600_000
const SCRATCH = { tags: { team: 'scratch', startgate: 'allowed' } }

const IN_DEBT = { code: 'InsufficientBalance', status: 400, message: 'Your account does not have enough balance.' }

const INSTANCES = [
  anInstance('i-bp1pending', {
    name: 'reporting-database-primary-of-the-quarterly-figures-1',
    type: 'ecs.ebmgn7ix.32xlarge',
    stoppedMode: 'StopCharging',
    spotStrategy: 'SpotWithPriceLimit',
  }),
  anInstance('i-bp1hostile', { name: HOSTILE_NAME }),
  anInstance('i-bp1half', SCRATCH),
  anInstance('i-bp1wipe', { ...SCRATCH, name: 'scratch-1', localDisks: { amount: 1, capacityGb: 100 } }),
  anInstance('i-bp1waiting', { name: 'reporting-2' }),
  anInstance('i-bp1running', { name: 'reporting-3' }),
  anInstance('i-bp1failed', { name: 'reporting-4', startErrors: [IN_DEBT] }),
  anInstance('i-bp1denied', { name: 'reporting-5' }),
]

type Asked = 'pending' | 'hostile' | 'half' | 'wipe' | 'waiting' | 'running' | 'failed' | 'denied'
export const STATES = [
  'pending',
  'hostile',
  'half',
  'wipe',
  'waiting',
  'running',
  'failed',
  'denied',
  'home',
  'enrol',
  'unknown',
] as const
export type PageState = (typeof STATES)[number]

export interface PageStates {
  readonly deployment: Deployment
  readonly ids: ReadonlyMap<PageState, RequestId>
  /** What bob holds. */
  readonly credentials: readonly Credential[]
  urlOf(state: PageState): string
}

/** bob and carol hold passkeys; the rest of the policy is the team's. */
export async function deployStates(browser: Browser): Promise<PageStates> {
  const deployment = await deploy({ instances: INSTANCES })
  const [bob, carol] = await Promise.all([visit(browser, 'bob'), visit(browser, 'carol')])
  await enrolAll(deployment, [bob, carol], (document) => document)
  const credentials = await bob.authenticator.takeOut()
  await Promise.all([bob, carol].map(async ({ page }) => page.context().close()))

  const ids = new Map<PageState, RequestId>()
  const ask = async (state: Asked, more: object = {}, yes: readonly Person[] = []): Promise<Played> => {
    const played = await askFor(deployment, `i-bp1${state}`, more)
    ids.set(state, played.id)
    for (const person of yes) await deployment.approve(played.id, person)
    return played
  }
  const ended = [await ask('running', {}, ['bob']), await ask('failed', {}, ['carol']), await ask('denied')] as const
  await deployment.deny(ended[2].id)
  await playOut(deployment, ended)
  await ask('pending')
  await ask('hostile', { reason: HOSTILE_REASON })
  await ask('half', {}, ['bob'])
  await ask('wipe', { initLocalDisk: true }, ['carol'])
  await ask('waiting', { notBefore: new Date(Date.now() + HOUR).toISOString() }, ['bob'])
  // What is told of them makes their pages new.
  await deployment.functions.idle()
  return {
    deployment,
    ids,
    credentials,
    urlOf(state) {
      if (state === 'home') return `${deployment.origin}/`
      if (state === 'enrol') return `${deployment.origin}/enrol`
      return `${deployment.origin}/r/${ids.get(state) ?? `req_${'0'.repeat(32)}`}`
    },
  }
}
