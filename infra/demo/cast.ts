// Who plays: people with fresh keys, a machine with a fresh secret, and the policy that they live by.
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { PrivateJwk } from '#adapters/evidence/sign-jws.ts'
import { DASHBOARD } from './fleet.ts'

export const PEOPLE = ['mei', 'chen', 'lin'] as const
export type Person = (typeof PEOPLE)[number]

/** The most. Sped up twenty times, a starter on a busy machine is late, and stands down, more often than in reality. */
const ATTEMPTS = 10

export interface Cast {
  /** Files that only their owner may read. */
  readonly keyFile: (person: Person) => string
  readonly key: (person: Person) => PrivateJwk
  /** What deploy-bot signs its webhooks with. */
  readonly botSecret: string
  readonly policyFile: string
  /** What the gate signs its news with. Receivers are given the public half once. */
  readonly gateKey: { readonly whsk: string; readonly publicKey: KeyObject }
}

/** `roomUrl`: where the team's own tool listens for news. */
export async function createCast(folder: string, roomUrl: string): Promise<Cast> {
  const keys = { mei: newKey(), chen: newKey(), lin: newKey() }
  const keyFile = (person: Person) => join(folder, 'keys', `${person}.json`)
  await mkdir(join(folder, 'keys'), { mode: 0o700 })
  for (const person of PEOPLE) await writeFile(keyFile(person), `${JSON.stringify(keys[person])}\n`, { mode: 0o600 })
  const policyFile = join(folder, 'policy.yaml')
  await writeFile(policyFile, stringify(toPolicy(keys, roomUrl)), { mode: 0o600 })
  return {
    keyFile,
    key: (person) => keys[person],
    botSecret: `whsec_${randomBytes(32).toString('base64')}`,
    policyFile,
    gateKey: newGateKey(),
  }
}

/** Only public keys: who reads this file can check approvals, and make none. */
function toPolicy(keys: Readonly<Record<Person, PrivateJwk>>, roomUrl: string): object {
  const person = ({ kty, crv, x }: PrivateJwk) => ({ keys: [{ kty, crv, x }] })
  return {
    people: { mei: person(keys.mei), chen: person(keys.chen), lin: person(keys.lin) },
    machines: { 'deploy-bot': { webhook: { v1: true } } },
    schedules: {
      example: {
        owner: 'mei',
        ask: { instanceId: DASHBOARD, reason: 'The dashboard runs on workday mornings', startIn: '5s' },
      },
    },
    receivers: { 'ops-room': { url: roomUrl } },
    mayRead: ['mei'],
    rules: [
      {
        name: 'reporting',
        requesters: ['mei', 'example'],
        instances: { regions: ['cn-hangzhou'], tags: { team: 'reporting' } },
        approvers: ['chen', 'lin'],
        validFor: '2h',
        attempts: ATTEMPTS,
        tell: ['ops-room'],
      },
      {
        name: 'staging',
        requesters: ['deploy-bot'],
        instances: { regions: ['cn-hangzhou'], tags: { env: 'staging' } },
        approvers: ['chen', 'lin'],
        validFor: '30m',
        attempts: ATTEMPTS,
        tell: ['ops-room'],
      },
      {
        name: 'training',
        requesters: ['mei', 'chen'],
        instances: { regions: ['cn-hangzhou'], tags: { team: 'ml' } },
        approvers: ['chen', 'lin'],
        validFor: '1h',
        attempts: ATTEMPTS,
        tell: ['ops-room'],
      },
    ],
  }
}

function newKey(): PrivateJwk {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  return { kty: 'OKP', crv: 'Ed25519', x, d }
}

function newGateKey(): Cast['gateKey'] {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { d = '' } = privateKey.export({ format: 'jwk' })
  return { whsk: `whsk_${Buffer.from(d, 'base64url').toString('base64')}`, publicKey }
}
