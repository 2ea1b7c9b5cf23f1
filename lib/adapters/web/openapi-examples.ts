// One example per form of the API. A test parses each with its schema.
import type { SchemaName } from './openapi.ts'

const id = 'req_8c1f0e5a2b7d4c9e8f3a6b1d0c5e7f92'
const digest = '5f0c2b7e9a1d4c3f8b6e0a7d2c9f4e1b3a8d5c0f7e2b9a4d1c6f3e8b5a0d7c2f'
const hash = '1d3c5b7a9f8e6d4c2b0a1f3e5d7c9b8a6f4e2d0c1b3a5f7e9d8c6b4a2f0e1d3c'
const head = { asks: { n: 1, hash }, runs: { n: 0, hash: '' } }
const summary = {
  id,
  state: 'pending',
  digest,
  says: `start i-bp67acfmxazb4p3ujhx1 in cn-hangzhou of account 1234567890123456, wipe local disks: no, valid until 2026-11-23 11:00:00 UTC, by rule workers, asked by alice, for ${id} at 1234567890123456/cn-hangzhou/startgate-starter`,
  review: `https://startgate.example.com/r/${id}`,
  expiresAt: '2026-11-23T11:00:00.000Z',
  head,
}

export const EXAMPLES: Readonly<Partial<Record<SchemaName, object>>> = {
  Ask: { instanceId: 'i-bp67acfmxazb4p3ujhx1', reason: 'The weekly report is due' },
  Decision: {
    decision: 'approve',
    evidence: { kind: 'jws', token: 'eyJhbGciOiJFZERTQSIs….eyJhcHByb3ZlciI6….3q2-7w…' },
  },
  Cancellation: { reason: 'No longer needed' },
  Summary: summary,
  Decided: { ...summary, state: 'denied', outcome: 'stopped' },
  List: {
    items: [
      {
        ...summary,
        headline: 'Waiting for 1 more approval from bob, carol.',
        instanceId: 'i-bp67acfmxazb4p3ujhx1',
        requester: { principal: 'alice', via: 'api' },
        createdAt: '2026-11-23T09:00:00.000Z',
      },
    ],
  },
  Events: { events: [], heads: head, next: '1.0' },
  Health: { healthy: true, problems: [], open: 1 },
  Problem: {
    type: 'urn:startgate:already_running',
    title: 'Already running',
    status: 409,
    detail: 'i-bp67acfmxazb4p3ujhx1 is Running; there is nothing to start.',
  },
}
