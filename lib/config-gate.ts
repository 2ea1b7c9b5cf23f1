// What the gate has of the environment besides. Secrets are a type of their own, so that a configuration can be shown and logged.
import { parseSigningKey } from '#adapters/webhook/keys.ts'
import { LOOPBACK_ORIGIN } from '#core/loopback.ts'
import type { Policy } from '#core/policy.ts'
import { toRotating, type Rotating } from '#core/rotating.ts'
import * as z from '#core/zod.ts'
import { readPolicySecrets, type PolicySecrets } from './config-secrets.ts'
import { commonSchema, ConfigError, httpUrl, toConfig, type Config, type Environment } from './config.ts'
import { parseVariables } from './variables.ts'

export interface GateConfig extends Config {
  /** Where people reach the gate, without a slash at the end. */
  readonly publicUrl: string
  /** Only the local cloud has chat peers of its own; the platforms are where they are. */
  readonly chatEndpoint: string | undefined
}

export interface GateSecrets extends PolicySecrets {
  readonly viewKey: Rotating
  /** `whsk_…`: the Ed25519 key that signs what the gate tells. */
  readonly signingKey: string
}

const viewKeySchema = z.string().check(z.minLength(32, 'must have at least 32 characters'))
/** `whsk_` and 32 bytes in base64. */
const SEED_ALONE = 5 + 44
/** 32 bytes, or 64 with the public half. */
const signingKeySchema = z.string().check(
  z.regex(/^whsk_([A-Za-z0-9+/]{43}=?|[A-Za-z0-9+/]{86}={0,2})$/, {
    error: 'must be whsk_ and 32 or 64 bytes in base64',
    abort: true,
  }),
  z.refine(isSigningKey, 'its two halves do not belong together'),
)
/** Whoever it leads to is given the secrets of the chat platforms. */
const loopbackUrl = z
  .string()
  .check(
    z.regex(
      LOOPBACK_ORIGIN,
      'must be http:// on this very computer, with a port and nothing after it: it is for the local cloud only',
    ),
  )

const gateSchema = z.extend(commonSchema, {
  PUBLIC_URL: httpUrl,
  VIEW_KEY: viewKeySchema,
  VIEW_KEY_PREVIOUS: z.optional(viewKeySchema),
  GATE_SIGNING_KEY: signingKeySchema,
  CHAT_ENDPOINT: z.optional(loopbackUrl),
})

/** Which secrets of others there must be follows from the policy. */
export function readGateConfig(
  env: Environment,
  policy: Policy,
): { readonly config: GateConfig; readonly secrets: GateSecrets } {
  const { values, problems: own } = parseVariables(gateSchema, env)
  const problems = [...own]
  const secrets = readPolicySecrets(env, policy, problems)
  const origin = policy.page?.origin
  if (values !== undefined && origin !== undefined && new URL(values.PUBLIC_URL).origin !== origin)
    problems.push(`PUBLIC_URL: must begin with ${origin}, the page.origin of the policy: passkeys count there alone`)
  const config = toConfig(values, problems)
  if (values === undefined) throw new ConfigError(problems)
  const viewKey = toRotating(values.VIEW_KEY, values.VIEW_KEY_PREVIOUS)
  return {
    config: { ...config, publicUrl: values.PUBLIC_URL, chatEndpoint: values.CHAT_ENDPOINT },
    secrets: { ...secrets, viewKey, signingKey: values.GATE_SIGNING_KEY },
  }
}

/**
 * A gate that could sign nothing must not come up: it would take what is said, and fail at all that follows. Any 32 bytes
 * are a key; of two halves, each start of a function finds out whether they belong together.
 */
function isSigningKey(text: string): boolean {
  if (text.length <= SEED_ALONE) return true
  try {
    parseSigningKey(text)
    return true
  } catch {
    return false
  }
}
