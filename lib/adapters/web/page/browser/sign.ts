import { bufferToBase64URLString, startAuthentication } from '@simplewebauthn/browser'
import { toCanonicalJson } from '#core/canonical-json.ts'
import { toSignedText } from '#core/signed-text.ts'
import type { Evidence, Statement } from '#core/statement.ts'

/** Asks for the finger, face or PIN. Throws as the browser does, where none of these passkeys is used. */
export async function signWithPasskey(statement: Statement, passkeys: readonly string[]): Promise<Evidence> {
  const signed = new TextEncoder().encode(toSignedText(statement))
  const challenge = bufferToBase64URLString(await crypto.subtle.digest('SHA-256', signed))
  const { id, response } = await startAuthentication({
    optionsJSON: {
      challenge,
      rpId: location.hostname,
      allowCredentials: passkeys.map((passkey) => ({ id: passkey, type: 'public-key' })),
      userVerification: 'required',
    },
  })
  return {
    kind: 'passkey',
    statement: toCanonicalJson(statement),
    credential: id,
    authenticatorData: response.authenticatorData,
    clientData: response.clientDataJSON,
    signature: response.signature,
  }
}
