// The local Tablestore: the service's HTTP face, from the bytes of a request to the bytes of its answer.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Answer, obey, record, send } from '#infra/local/obey.ts'
import type { CloudCall, Credentials, Spine } from '#infra/local/spine.ts'
import { type Recipient, toAnswer, toErrorAnswer } from './answer.ts'
import { authenticate } from './authentication.ts'
import { readBody } from './body.ts'
import { type Inspection, createInspection } from './inspection.ts'
import { MAX_ROWS_PER_PAGE } from './limits.ts'
import { type Prepared, prepare } from './operations.ts'
import { noPermission, Refusal } from './refusal.ts'
import { type Seeding, createSeeding } from './seed.ts'
import type { Headers } from './signature.ts'
import type { Store } from './table.ts'

export interface TablestoreOptions {
  readonly spine: Spine
  /** The one instance that is served; calls to another are refused. */
  readonly instance: string
  /** Rows that GetRange looks at for one page; lower it so that short pages appear. Default and most: 5,000. */
  readonly pageRows?: number
}

export interface Tablestore extends Inspection, Seeding {
  /** Serves requests of the official SDK; it is mounted on a server by its caller. */
  readonly handler: RequestListener
}

/** The tables live in memory, for as long as what is returned here does. */
export function createTablestore({ spine, instance, pageRows = MAX_ROWS_PER_PAGE }: TablestoreOptions): Tablestore {
  if (!Number.isInteger(pageRows) || pageRows < 1 || pageRows > MAX_ROWS_PER_PAGE) {
    throw new RangeError(`pageRows must be an integer from 1 to ${MAX_ROWS_PER_PAGE}, not ${pageRows}`)
  }
  const store: Store = { tables: new Map(), now: () => spine.now(), pageRows }
  const service: Service = { spine, instance, store }
  return {
    ...createInspection(store),
    ...createSeeding(store),
    handler: (request, response) => void serve(service, request, response),
  }
}

const CONDITION_FAILED = 'OTSConditionCheckFail'

interface Service {
  readonly spine: Spine
  readonly instance: string
  readonly store: Store
}

/** One request on its way, filled in as it proves itself. */
interface Exchange {
  readonly at: number
  readonly path: string
  readonly operation: string
  credentials?: Credentials
  subject: string
}

async function serve(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/'
  const exchange: Exchange = { at: service.spine.now(), path, operation: path.slice(1), subject: '' }
  try {
    const body = await readBody(request)
    if (body === undefined) return
    await carryOut(service, exchange, { request, response, body })
  } catch (error) {
    refuse(service, exchange, response, toRefusal(error))
  }
}

interface Received {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: Buffer
}

async function carryOut(service: Service, exchange: Exchange, { request, response, body }: Received): Promise<void> {
  const { spine, instance } = service
  if (request.method !== 'POST') {
    throw new Refusal(405, 'OTSMethodNotAllowed', 'Only POST method for requests is supported.')
  }
  const { path, operation, at } = exchange
  const credentials = authenticate(spine, instance, { path, headers: toHeaders(request), body })
  exchange.credentials = credentials
  const prepared = prepare(operation, body)
  exchange.subject = prepared.subject

  const [call, ...others] = toCalls(service, exchange, credentials, prepared)
  if (![call, ...others].every((one) => spine.allows(one))) throw noPermission()
  await obey(spine, call, {
    at,
    response,
    apply: () => answerTo(service, exchange, prepared),
    refuse: (status, code, message) => errorAnswer(service, exchange, new Refusal(status, code, message)),
  })
}

/** One call per table: RAM judges each, the fault plan and the log see the first, whose subject names all. */
function toCalls(
  { spine, instance }: Service,
  { operation, subject }: Exchange,
  credentials: Credentials,
  { tables }: Prepared,
): [CloudCall, ...CloudCall[]] {
  const toCall = (table: string): CloudCall => ({
    service: 'ots',
    operation,
    credentials,
    action: `ots:${operation}`,
    resource: `acs:ots:${spine.region}:${spine.accountId}:instance/${instance}/table/${table}`,
    subject,
  })
  const [first, ...others] = tables
  return [toCall(first), ...others.map(toCall)]
}

function answerTo(service: Service, exchange: Exchange, prepared: Prepared): Answer {
  try {
    const { body, units } = prepared.run(service.store)
    return { ...toAnswer(body, toRecipient(service, exchange)), units }
  } catch (error) {
    const refusal = toRefusal(error)
    const answer = errorAnswer(service, exchange, refusal)
    // To find that a condition does not hold costs as much as a small write.
    return refusal.code === CONDITION_FAILED ? { ...answer, units: { read: 1, write: 1 } } : answer
  }
}

/** A call that is refused before the fault plan is asked. */
function refuse(service: Service, exchange: Exchange, response: ServerResponse, refusal: Refusal): void {
  const { operation, subject, at, credentials } = exchange
  const role = credentials === undefined ? 'unknown' : (credentials.role ?? 'operator')
  const answer = errorAnswer(service, exchange, refusal)
  record(service.spine, { service: 'ots', operation, subject, role }, { at, answer })
  if (!response.headersSent) send(response, answer)
}

function errorAnswer(service: Service, exchange: Exchange, refusal: Refusal): Answer {
  return toErrorAnswer(refusal, toRecipient(service, exchange))
}

function toRecipient({ spine }: Service, { path, credentials }: Exchange): Recipient {
  return { path, credentials, now: spine.now() }
}

/** What is no Refusal is a fault of this server: it says so to its caller, and on the console what went wrong. */
function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  console.error('the local Tablestore has a fault:', error)
  return new Refusal(500, 'OTSInternalServerError', 'Internal server error.')
}

/** Node gives each header once, but for a few that it lists; none of those is signed. */
function toHeaders({ headers }: IncomingMessage): Headers {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}
