// Who signs a decision, and with what: a key file of ours, an SSH key, or a signature that was made by hand before.
import type { Command } from 'commander'
import { signJws } from '#adapters/evidence/sign-jws.ts'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { withoutDomain } from '#core/signed-text.ts'
import { parseStatement, type Evidence, type Statement } from '#core/statement.ts'
import { EXIT, Failure } from './failure.ts'
import type { Io } from './io.ts'
import { sayKey, toKid } from './key-file.ts'
import { loadCaller, type Flags, type Session } from './session.ts'
import { requireSetting } from './settings.ts'
import { findKeyId, signSsh } from './ssh-keygen.ts'

export interface SignerFlags extends Flags {
  readonly signature?: string
}

export interface Signer {
  readonly name: string
  readonly audience: string
  /** What a refusal keeps from happening: `sent`, where it was signed before. */
  readonly undone: 'signed' | 'sent'
  /** Who signs with which key, in a sentence. */
  readonly signed: string
  readonly sign: (statement: Statement) => Promise<Evidence>
}

export function addSignerOptions(command: Command): Command {
  return command
    .option('--ssh-key <file>', 'sign with this SSH key: private, or public when the agent has it (STARTGATE_SSH_KEY)')
    .option('--signature <file>', 'send what you signed by hand: the .sig file beside that of `startgate statement`')
}

export async function loadSigner(session: Session, flags: SignerFlags): Promise<Signer> {
  const { io, settings } = session
  const { signature } = flags
  // A key that is named right here goes before an SSH key that is set elsewhere.
  const sshKey = flags.sshKey ?? (flags.key === undefined ? settings.sshKey : undefined)
  if (signature === undefined && sshKey === undefined) {
    const { name, audience, jwk, file } = await loadCaller(session)
    return {
      name,
      audience,
      undone: 'signed',
      signed: sayKey(name, file, toKid(jwk)),
      sign: async (statement) => ({ kind: 'jws', token: await signJws(statement, jwk) }),
    }
  }
  const [name, audience] = [requireSetting(settings, 'name'), requireSetting(settings, 'audience')]
  if (signature !== undefined) {
    const signed = `It was signed by hand as ${name}; the signature is in ${signature}.`
    return { name, audience, undone: 'sent', signed, sign: async (statement) => readSigned(io, signature, statement) }
  }
  const file = sshKey ?? ''
  const signed = sayKey(name, file, await findKeyId(io, file))
  return { name, audience, undone: 'signed', signed, sign: async (statement) => signSsh(io, file, statement) }
}

/** Signed by hand, so at another time; in all else it must be what would be signed here. */
async function readSigned(io: Io, file: string, expected: Statement): Promise<Evidence> {
  const signature = await io.files.read(file)
  const text = withoutDomain((await io.files.read(file.replace(/\.sig$/, ''))) ?? '')
  if (signature === undefined || text === undefined || !file.endsWith('.sig')) {
    throw new Failure(EXIT.usage, `${file} is no signature beside the statement that it is for.`, {
      next: ['Write the statement with: startgate statement <id> --decision <decision> --out <file>', 'Then sign it.'],
    })
  }
  const signed = parseStatement(Buffer.from(text))
  const reason = signed?.reason === undefined ? {} : { reason: signed.reason }
  if (toCanonicalJson({ ...signed, iat: expected.iat }) !== toCanonicalJson({ ...reason, ...expected })) {
    throw new Failure(EXIT.mismatch, 'What was signed by hand is not what would be signed here.', {
      next: ['Nothing was sent. Make the statement anew, and sign that.'],
    })
  }
  return { kind: 'ssh', statement: text, signature }
}
