// Every kind of key that can approve, in the hands of the same people, and a policy that knows them all.
import { createSoftPasskey, type SoftPasskey } from '#infra/local/soft-passkey.ts'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { parseJson } from '#core/json.ts'
import type { Proposal } from '#core/proposal.ts'
import { withDomain } from '#core/signed-text.ts'
import { createStatement, statementSchema, toSshNamespace, type Evidence, type Statement } from '#core/statement.ts'
import { publicJwk } from './keys.ts'
import { makeToken } from './odd-tokens.ts'
import { createSoftSshKey, type SoftSshKey } from './soft-ssh.ts'
import { AUDIENCE, teamDocument, type Person } from './team.ts'

export const KINDS = ['jws', 'ssh', 'ssh-p256', 'ssh-touched', 'passkey'] as const
export type Kind = (typeof KINDS)[number]

export const ORIGIN = 'https://gate.example.com'

export interface Signing {
  readonly proposal: Proposal
  /** Epoch ms. */
  readonly at: number
  /** Replaces members of a sound approval. */
  readonly change?: Partial<Statement>
}

interface Signer {
  /** As a policy has it. */
  readonly key: object
  /** Signs any text, also what no honest tool would take for a statement. */
  readonly sign: (text: string) => Evidence
}

/** alice and erin have every kind too: that they may not approve must not hang on their keys. */
const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin'] as const satisfies readonly Person[]

export const BOBS_SSH_KEY = createSoftSshKey('ssh-ed25519')
export const BOBS_PASSKEY = createSoftPasskey({ origin: ORIGIN })

const SIGNERS = new Map(PEOPLE.flatMap((person) => KINDS.map((kind) => [`${person} ${kind}`, create(person, kind)])))

function signerOf(person: Person, kind: Kind): Signer {
  const signer = SIGNERS.get(`${person} ${kind}`)
  if (signer === undefined) throw new Error(`${person} has no key of the kind ${kind}`)
  return signer
}

/** An approval of the proposal, or what `change` makes of it. */
export function signWith(kind: Kind, person: Person, { proposal, at, change = {} }: Signing): Evidence {
  const sound = createStatement(proposal, 'approve', person, Math.floor(at / 1000))
  return signTextWith(kind, person, toCanonicalJson({ ...sound, ...change }))
}

export function signTextWith(kind: Kind, person: Person, text: string): Evidence {
  return signerOf(person, kind).sign(text)
}

/** The team with a page, where everybody has a key of each kind. dave and erin do not approve reports. */
export function armedDocument(keys: (person: Person, kind: Kind) => object = keyOf): ReturnType<typeof teamDocument> {
  const document = teamDocument()
  const people = document['people'] as Record<string, object>
  const [reporting = {}, scratch = {}] = document.rules
  const armed = PEOPLE.map((name) => [name, { ...people[name], keys: KINDS.map((kind) => keys(name, kind)) }])
  return {
    ...document,
    page: { origin: ORIGIN },
    people: Object.fromEntries(armed),
    rules: [reporting, { ...scratch, approvers: ['bob', 'carol', 'dave', 'erin'] }],
  }
}

export function keyOf(person: Person, kind: Kind): object {
  return signerOf(person, kind).key
}

function create(person: Person, kind: Kind): Signer {
  switch (kind) {
    case 'jws':
      return { key: publicJwk(person), sign: (text) => ({ kind: 'jws', token: makeToken(person, text) }) }
    case 'ssh':
      return toSshSigner(person === 'bob' ? BOBS_SSH_KEY : createSoftSshKey('ssh-ed25519'))
    case 'ssh-p256':
      return toSshSigner(createSoftSshKey('ecdsa-sha2-nistp256'))
    case 'ssh-touched':
      return toSshSigner(createSoftSshKey('sk-ssh-ed25519@openssh.com'))
    case 'passkey': {
      const passkey: SoftPasskey = person === 'bob' ? BOBS_PASSKEY : createSoftPasskey({ origin: ORIGIN })
      return { key: passkey.policyKey, sign: (text) => passkey.assert(text) }
    }
  }
}

function toSshSigner(soft: SoftSshKey): Signer {
  return {
    key: { ssh: soft.line },
    sign(text) {
      const said = statementSchema.safeParse(parseJson(text)).data
      const signature = soft.sign(withDomain(text), toSshNamespace(said?.audience ?? AUDIENCE))
      return { kind: 'ssh', statement: text, signature }
    },
  }
}
