// What anybody may do to a deployment, and what happens to it by itself: steps of one thing, or of some at once.
import * as fc from 'fast-check'
import type { Asker } from '#flow/ask.ts'
import type { StartAnswer } from '#ports/instances.ts'
import { INSTANCES } from './played-rules.ts'
import { anyText, type Text } from './texts.ts'

export type Order =
  | {
      readonly do: 'ask'
      readonly by: number
      readonly instance: number
      readonly key: string
      readonly dryRun: boolean
    }
  | { readonly do: 'decide'; readonly request: number; readonly as: 'approve' | 'deny'; readonly text: Text }
  | { readonly do: 'cancel'; readonly request: number; readonly by: string }
  | { readonly do: 'hint' | 'tell'; readonly request: number }
  | { readonly do: 'sweep' | 'timer' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'change'; readonly instance: number; readonly status: 'Stopped' | 'Running' }
  | { readonly do: 'expect'; readonly instance: number; readonly answer: StartAnswer; readonly applied: boolean }

export const ENTRANCES: readonly (Omit<Asker, 'key'> & { readonly onBehalfOf?: string })[] = [
  { principal: 'alice', via: 'api' },
  { principal: 'bob', via: 'api' },
  { principal: 'deploy-bot', via: 'webhook' },
  { principal: 'deploy-bot', via: 'webhook', onBehalfOf: 'carol' },
  { principal: 'nightly', via: 'timer' },
  { principal: 'erin', via: 'api' },
]
const ANSWERS: readonly Pick<Extract<Order, { do: 'expect' }>, 'answer' | 'applied'>[] = [
  { answer: { kind: 'no_answer', detail: 'ECONNRESET' }, applied: true },
  { answer: { kind: 'no_answer', detail: 'ECONNRESET' }, applied: false },
  { answer: { kind: 'not_sent', detail: 'ECONNREFUSED' }, applied: false },
  { answer: { kind: 'answered', answer: { code: 'Throttling.User', status: 400 } }, applied: false },
  { answer: { kind: 'answered', answer: { code: 'InternalError', status: 500 } }, applied: true },
]

const MINUTE = 60_000
const anyRequest = fc.nat(3)
const anyInstance = fc.nat(INSTANCES.length - 1)
const anyOrder: fc.Arbitrary<Order> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      by: fc.nat(ENTRANCES.length - 1),
      instance: anyInstance,
      key: fc.constantFrom('key-1', 'key-2'),
      dryRun: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      request: anyRequest,
      as: fc.constantFrom<('approve' | 'deny')[]>('approve', 'approve', 'approve', 'deny'),
      text: anyText,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      request: anyRequest,
      by: fc.constantFrom('alice', 'bob', 'dave', 'deploy-bot', 'erin'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom<('hint' | 'tell')[]>('hint', 'hint', 'tell'), request: anyRequest }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom<('sweep' | 'timer')[]>('sweep', 'timer') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1000, MINUTE, 5 * MINUTE, 12 * MINUTE, 31 * MINUTE),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      instance: anyInstance,
      status: fc.constantFrom<('Stopped' | 'Running')[]>('Stopped', 'Stopped', 'Running'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ instance: anyInstance, how: fc.constantFrom(...ANSWERS) })
      .map(({ instance, how }) => ({ do: 'expect', instance, ...how }) as const),
  },
)

/** Each step is one order, or some that are carried out at once. */
export const anySteps: fc.Arbitrary<readonly (readonly Order[])[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.array(anyOrder, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(anyOrder, { minLength: 2, maxLength: 4 }) },
    { weight: 1, arbitrary: anyRequest.map(rush) },
  ),
  { minLength: 5, maxLength: 30, size: 'max' },
)

/** Two hints and the timer, each in an instance of its own. */
function rush(request: number): readonly Order[] {
  return [{ do: 'hint', request }, { do: 'hint', request }, { do: 'sweep' }]
}
