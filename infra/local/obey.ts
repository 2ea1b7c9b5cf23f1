// Carries one authenticated, allowed call out and sends its answer, bent by whatever the fault plan holds for it.

import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { CapacityUnits, CloudCall, Fault, Operation, Service, Spine } from './spine.ts'

/** A whole answer of a local service. `code` is the service's error code, for the log, when it is an error. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly code?: string | undefined
  readonly units?: CapacityUnits | undefined
}

/** How a service carries out one call. Neither function may throw: a programming fault is an answer too (500). */
export interface Carriage {
  /** Epoch milliseconds at which the call arrived. */
  readonly at: number
  readonly apply: () => Answer | Promise<Answer>
  /** An error in the service's own shape, with nothing carried out. */
  readonly refuse: (status: number, code: string, message: string) => Answer
  readonly response: ServerResponse
}

/**
 * Asks the fault plan once, carries the call out or not, sends the answer or what is left of it, and records one line.
 * The line is recorded before the answer leaves, so whoever has the answer finds the line.
 * `lost` and `crash` reset the connection: the caller sees ECONNRESET.
 */
export async function obey(spine: Spine, call: CloudCall, carriage: Carriage): Promise<void> {
  const fault = spine.faultFor(call)
  if (fault === undefined) {
    deliver(spine, call, carriage, await carriage.apply())
    return
  }
  switch (fault.kind) {
    case 'lost':
      if (fault.applied) await carriage.apply()
      drop(spine, call, carriage, fault)
      return
    case 'truncated':
      cut(spine, call, carriage, fault, await carriage.apply())
      return
    case 'delayed':
      await postpone(spine, call, carriage, fault)
      return
    case 'error': {
      if (fault.applied === true) await carriage.apply()
      const refused = carriage.refuse(fault.status, fault.code, fault.message ?? 'Refused by the fault plan.')
      deliver(spine, call, carriage, { ...refused, code: fault.code }, fault)
      return
    }
    case 'html':
      if (fault.applied) await carriage.apply()
      deliver(spine, call, carriage, gatewayPage(fault.status), fault)
      return
    case 'crash':
      if (fault.applied) await carriage.apply()
      if (call.credentials.functionInstance !== undefined) spine.functions.crash(call.credentials.functionInstance)
      drop(spine, call, carriage, fault)
      return
    case 'freeze':
      await freeze(spine, call, carriage, fault)
      return
    case 'expired': {
      spine.credentials.expire(call.credentials.accessKeyId)
      const { status, code } = EXPIRED[call.service]
      deliver(spine, call, carriage, { ...carriage.refuse(status, code, 'The token has expired.'), code }, fault)
    }
  }
}

/** What each service says to credentials that have expired. */
const EXPIRED: Readonly<Record<Service, { readonly status: number; readonly code: string }>> = {
  ots: { status: 403, code: 'OTSAuthFailed' },
  ecs: { status: 400, code: 'InvalidSecurityToken.Expired' },
  fc: { status: 403, code: 'ExpiredSecurityToken' },
}

/** Writes one line of the log for a call that got `answer`; `undefined` means that no answer was sent. */
export function record(
  spine: Spine,
  call: Pick<CloudCall, 'service' | 'operation' | 'subject'> & { readonly role: string },
  line: { readonly at: number; readonly answer: Answer | undefined; readonly fault?: Fault | undefined },
): void {
  const operation: Operation = {
    at: line.at,
    service: call.service,
    operation: call.operation,
    role: call.role,
    subject: call.subject,
    status: line.answer?.status ?? 0,
    durationMs: spine.now() - line.at,
    ...(line.answer?.code !== undefined && { code: line.answer.code }),
    ...(line.fault !== undefined && { fault: line.fault.kind }),
    ...(line.answer?.units !== undefined && { units: line.answer.units }),
  }
  spine.record(operation)
}

/** Sends a whole answer. */
export function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length })
  response.end(answer.body)
}

function deliver(spine: Spine, call: CloudCall, { at, response }: Carriage, answer: Answer, fault?: Fault): void {
  record(spine, { ...call, role: roleOf(call) }, { at, answer, fault })
  send(response, answer)
}

function drop(spine: Spine, call: CloudCall, { at, response }: Carriage, fault: Fault): void {
  record(spine, { ...call, role: roleOf(call) }, { at, answer: undefined, fault })
  response.socket?.resetAndDestroy()
}

/** Announces the whole body and sends half of it. An empty body is announced as one byte, or it would arrive whole. */
function cut(
  spine: Spine,
  call: CloudCall,
  { at, response }: Carriage,
  fault: Extract<Fault, { kind: 'truncated' }>,
  answer: Answer,
): void {
  record(spine, { ...call, role: roleOf(call) }, { at, answer, fault })
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Math.max(1, answer.body.length) })
  response.flushHeaders()
  response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)))
  if (!fault.stall) response.socket?.end()
}

async function postpone(
  spine: Spine,
  call: CloudCall,
  carriage: Carriage,
  fault: Extract<Fault, { kind: 'delayed' }>,
): Promise<void> {
  const early = fault.before ? undefined : await carriage.apply()
  await pause(fault.ms)
  deliver(spine, call, carriage, early ?? (await carriage.apply()), fault)
}

/** Not applied: the request leaves the frozen instance only when it thaws. Applied: the answer waits in its socket. */
async function freeze(
  spine: Spine,
  call: CloudCall,
  carriage: Carriage,
  fault: Extract<Fault, { kind: 'freeze' }>,
): Promise<void> {
  const answer = fault.applied ? await carriage.apply() : undefined
  if (call.credentials.functionInstance !== undefined) {
    spine.functions.freeze(call.credentials.functionInstance, fault.ms)
  }
  if (answer === undefined) await pause(fault.ms)
  deliver(spine, call, carriage, answer ?? (await carriage.apply()), fault)
}

/** The operator's own key carries no role. */
function roleOf(call: CloudCall): string {
  return call.credentials.role ?? 'operator'
}

function gatewayPage(status: number): Answer {
  const body = `<html>\r\n<head><title>${status}</title></head>\r\n<body><center><h1>${status}</h1></center></body>\r\n</html>\r\n`
  return { status, headers: { 'content-type': 'text/html' }, body: Buffer.from(body) }
}

/** Does not keep the process alive: a local cloud that is being closed need not wait for an answer nobody reads. */
async function pause(ms: number): Promise<void> {
  await delay(ms, undefined, { ref: false })
}
