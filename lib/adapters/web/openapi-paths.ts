// Every route in words. A test holds this list against the routes of the app.
import type { SchemaName } from './openapi.ts'

export interface Operation {
  readonly path: string
  readonly method: 'get' | 'post'
  readonly name: string
  readonly summary: string
  readonly security?: 'call' | 'webhook'
  readonly parameters?: readonly object[]
  readonly body?: SchemaName
  readonly answers: Readonly<Record<string, Answer>>
  readonly problems: Readonly<Record<string, string>>
}

interface Answer {
  readonly description: string
  readonly schema?: SchemaName
  readonly headers?: object
}

const id = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Whoever knows it may look at the request.',
  schema: { type: 'string', pattern: '^req_[0-9a-f]{32}$' },
}

const language = {
  name: 'Accept-Language',
  in: 'header',
  required: false,
  description: 'English (default) or Chinese. The line that an approver signs is the same in both.',
  schema: { type: 'string', examples: ['zh-CN, en;q=0.5'] },
}
const inLanguage = {
  'Content-Language': { description: 'Of its sentences.', schema: { type: 'string', enum: ['en', 'zh-CN'] } },
}

const always = {
  413: 'The body has more than 64 KB.',
  500: 'A fault of Startgate.',
  503: 'The record or ECS gave no clear answer; repeat the call.',
}
const unauthenticated = 'The signature is missing or not accepted.'
const malformed = 'Something is missing or not understood; see errors.'
const noSuchRequest = 'There is no such request.'
const askAnswers = {
  201: {
    description: 'Recorded, and waiting for approval.',
    schema: 'Summary',
    headers: { Location: { description: 'The address of the request.', schema: { type: 'string' } } },
  },
  200: { description: 'It was recorded before, under the same key.', schema: 'Summary' },
} as const
const askProblems = {
  400: malformed,
  401: unauthenticated,
  403: 'The policy does not allow this.',
  404: 'There is no such instance that a rule lets you start.',
  409: 'The key was used for another ask, or the instance cannot be started now.',
  ...always,
}

export const PATHS: readonly Operation[] = [
  {
    path: '/v1/start-requests',
    method: 'post',
    name: 'ask',
    summary: 'Ask that a stopped instance be started',
    security: 'call',
    parameters: [
      header('Idempotency-Key', 'Names this ask among all of yours: the same key and ask find the same request.'),
    ],
    body: 'Ask',
    answers: askAnswers,
    problems: askProblems,
  },
  {
    path: '/v1/webhooks/{caller}',
    method: 'post',
    name: 'askByWebhook',
    summary: 'Ask as a machine that signs webhooks',
    security: 'webhook',
    parameters: [
      {
        name: 'caller',
        in: 'path',
        required: true,
        description: 'The machine in the policy.',
        schema: { type: 'string' },
      },
      header('webhook-id', 'Names this ask, as Idempotency-Key does.'),
      header('webhook-timestamp', 'Epoch seconds, within 5 minutes.'),
    ],
    body: 'Ask',
    answers: askAnswers,
    problems: askProblems,
  },
  {
    path: '/v1/start-requests',
    method: 'get',
    name: 'list',
    summary: 'List the requests of one day; for callers that the policy lets read',
    security: 'call',
    parameters: [
      query('day', true, 'Like 2026-11-23, in UTC.'),
      query('cursor', false, 'Of the page before.'),
      language,
    ],
    answers: { 200: { description: 'Oldest first.', schema: 'List', headers: inLanguage } },
    problems: { 400: malformed, 401: unauthenticated, 403: 'The policy does not let you read.', ...always },
  },
  {
    path: '/v1/start-requests/{id}',
    method: 'get',
    name: 'show',
    summary: 'See one request: what is proposed, and how it stands',
    parameters: [id, language],
    answers: { 200: { description: 'As it stands now.', schema: 'Detail', headers: inLanguage } },
    problems: { 404: noSuchRequest, ...always },
  },
  {
    path: '/v1/start-requests/{id}/events',
    method: 'get',
    name: 'events',
    summary: 'Follow one request: the rows of its record that you do not have yet',
    parameters: [id, query('after', false, '`next` of the answer before; default 0.0.')],
    answers: { 200: { description: 'By time.', schema: 'Events' } },
    problems: { 400: malformed, 404: noSuchRequest, ...always },
  },
  {
    path: '/v1/start-requests/{id}/receipt',
    method: 'get',
    name: 'receipt',
    summary: 'Export the whole record of one request, to be verified elsewhere',
    parameters: [id],
    answers: { 200: { description: 'Both books.', schema: 'Receipt' } },
    problems: { 404: noSuchRequest, ...always },
  },
  {
    path: '/v1/start-requests/{id}/decisions',
    method: 'post',
    name: 'decide',
    summary: 'Approve or deny with a signed statement',
    parameters: [id, language],
    body: 'Decision',
    answers: { 200: { description: 'Recorded.', schema: 'Decided', headers: inLanguage } },
    problems: {
      400: malformed,
      403: 'The token is not accepted for this request.',
      404: noSuchRequest,
      409: 'Nothing can be decided any more.',
      ...always,
    },
  },
  {
    path: '/v1/start-requests/{id}/cancel',
    method: 'post',
    name: 'cancel',
    summary: 'Take a request back',
    security: 'call',
    parameters: [id, language],
    body: 'Cancellation',
    answers: { 200: { description: 'Recorded; see outcome.', schema: 'Decided', headers: inLanguage } },
    problems: {
      400: malformed,
      401: unauthenticated,
      403: 'You may not cancel this request.',
      404: noSuchRequest,
      409: 'Nothing can be decided any more.',
      ...always,
    },
  },
  {
    path: '/.well-known/jwks.json',
    method: 'get',
    name: 'keys',
    summary: 'The public key of the gate, for verifying the webhooks that it sends',
    answers: { 200: { description: 'A JWK set.', schema: 'KeySet' } },
    problems: {},
  },
  {
    path: '/openapi.json',
    method: 'get',
    name: 'description',
    summary: 'This description',
    answers: { 200: { description: 'OpenAPI 3.1.' } },
    problems: {},
  },
  {
    path: '/policy.schema.json',
    method: 'get',
    name: 'policySchema',
    summary: 'The JSON Schema of the policy file, by which editors complete it',
    answers: { 200: { description: 'JSON Schema, draft 2020-12.' } },
    problems: {},
  },
  {
    path: '/healthz',
    method: 'get',
    name: 'health',
    summary: 'Whether the starter does its work; kept for 30 s',
    answers: {
      200: { description: 'All is well.', schema: 'Health' },
      503: { description: 'Something is wrong; see problems.', schema: 'Health' },
    },
    problems: { 500: always[500] },
  },
]

function header(name: string, description: string): object {
  return { name, in: 'header', required: true, description, schema: { type: 'string' } }
}

function query(name: string, required: boolean, description: string): object {
  return { name, in: 'query', required, description, schema: { type: 'string' } }
}
