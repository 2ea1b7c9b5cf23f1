// Who plays: people with fresh keys, and a machine with a fresh secret.
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { PrivateJwk } from '#adapters/evidence/sign-jws.ts'
import { createPrivateJwk, toPublicJwk } from '#lib/cli/key-file.ts'
import { createSoftPasskey, type SoftPasskey } from '#infra/local/soft-passkey.ts'
import { toPolicy, type PolicyKey, type PolicyParts } from './policy.ts'
import { makeSshKey, type OwnSshKey } from './ssh-key.ts'

const PEOPLE = ['mei', 'chen', 'lin'] as const
export type Person = (typeof PEOPLE)[number]

export interface Cast {
  /** Files that only their owner may read. */
  readonly keyFile: (person: Person) => string
  readonly key: (person: Person) => PrivateJwk
  /** What chen carries about. */
  readonly phone: SoftPasskey
  /** What lin has for other purposes; or why there is none. */
  readonly ssh: OwnSshKey | { readonly missing: string }
  /** What deploy-bot signs its webhooks with. */
  readonly botSecret: string
  readonly policyFile: string
  /** What the gate signs its news with. Receivers are given the public half once. */
  readonly gateKey: { readonly whsk: string; readonly publicKey: KeyObject }
  /** Writes a passkey of the visitor into the policy file, in place of the one before. */
  readonly admit: (key: PolicyKey) => Promise<void>
}

export async function createCast(folder: string, place: Omit<PolicyParts, 'keys'>): Promise<Cast> {
  const keys = { mei: createPrivateJwk(), chen: createPrivateJwk(), lin: createPrivateJwk() }
  const keyFile = (person: Person) => join(folder, 'keys', `${person}.json`)
  await mkdir(join(folder, 'keys'), { mode: 0o700 })
  for (const person of PEOPLE) await writeFile(keyFile(person), `${JSON.stringify(keys[person])}\n`, { mode: 0o600 })
  const phone = createSoftPasskey({ origin: place.origin })
  const ssh = await makeSshKey(folder)

  const policyKeys = {
    mei: [toPublicJwk(keys.mei)],
    chen: [toPublicJwk(keys.chen), phone.policyKey],
    lin: [toPublicJwk(keys.lin), ...('line' in ssh ? [{ ssh: ssh.line }] : [])],
  }
  const policyFile = join(folder, 'policy.yaml')
  let { visitor } = place
  const writePolicy = () =>
    writeFile(
      policyFile,
      stringify(toPolicy({ ...place, keys: policyKeys, visitor }), { aliasDuplicateObjects: false }),
      { mode: 0o600 },
    )
  await writePolicy()
  return {
    keyFile,
    key: (person) => keys[person],
    phone,
    ssh,
    botSecret: `whsec_${randomBytes(32).toString('base64')}`,
    policyFile,
    gateKey: newGateKey(),
    async admit(key) {
      visitor = [...visitor.filter((other) => !('passkey' in other)), key]
      await writePolicy()
    },
  }
}

function newGateKey(): Cast['gateKey'] {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { d = '' } = privateKey.export({ format: 'jwk' })
  return { whsk: `whsk_${Buffer.from(d, 'base64url').toString('base64')}`, publicKey }
}
