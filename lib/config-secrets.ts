// The secrets that follow from the policy: those that machines and receivers share, and those of chat platforms. No message
// shows the value of one.
import type { Policy } from '#core/policy.ts'
import { toRotating, type Rotating } from '#core/rotating.ts'
import type { Platform } from '#core/words.ts'
import * as z from '#core/zod.ts'
import type { Environment } from './config.ts'
import { parseVariables } from './variables.ts'

export interface ChatSecrets {
  readonly slack?: { readonly signing: Rotating; readonly botToken: string }
  readonly feishu?: { readonly encryptKey: Rotating; readonly appSecret: string }
  readonly dingtalk?: { readonly appSecret: Rotating; readonly aesKey: Rotating; readonly cardSecret: Rotating }
}

export interface PolicySecrets {
  /** `whsec_…` by the name of the machine or receiver that shares it. */
  readonly callers: Readonly<Record<string, Rotating>>
  readonly receivers: Readonly<Record<string, Rotating>>
  /** Of every platform that the policy connects. */
  readonly chats: ChatSecrets
}

const sharedSecretSchema = z
  .string()
  .check(z.regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'must be whsec_ and at least 24 bytes in base64'))
const chatSecretSchema = z.string().check(z.regex(/^[!-~]{16,256}$/, 'must be 16 to 256 characters without blanks'))
const botTokenSchema = z
  .string()
  .check(z.regex(/^xoxb-[A-Za-z0-9-]{16,256}$/, 'must be the token of a bot: xoxb- and more'))
const aesKeySchema = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}$/, 'must be 43 characters of base64'))

const CHAT_SCHEMAS = {
  slack: z.object({
    SLACK_SIGNING_SECRET: chatSecretSchema,
    SLACK_SIGNING_SECRET_PREVIOUS: z.optional(chatSecretSchema),
    SLACK_BOT_TOKEN: botTokenSchema,
  }),
  feishu: z.object({
    FEISHU_ENCRYPT_KEY: chatSecretSchema,
    FEISHU_ENCRYPT_KEY_PREVIOUS: z.optional(chatSecretSchema),
    FEISHU_APP_SECRET: chatSecretSchema,
  }),
  dingtalk: z.object({
    DINGTALK_APP_SECRET: chatSecretSchema,
    DINGTALK_APP_SECRET_PREVIOUS: z.optional(chatSecretSchema),
    DINGTALK_AES_KEY: aesKeySchema,
    DINGTALK_AES_KEY_PREVIOUS: z.optional(aesKeySchema),
    DINGTALK_CARD_SECRET: chatSecretSchema,
    DINGTALK_CARD_SECRET_PREVIOUS: z.optional(chatSecretSchema),
  }),
} as const satisfies Record<Platform, z.ZodMiniType>

export const CHAT_VARIABLES = Object.values(CHAT_SCHEMAS).flatMap(({ shape }) => Object.keys(shape))

/** What is missing or wrong is added to `problems`, and then the secrets are not complete. */
export function readPolicySecrets(env: Environment, policy: Policy, problems: string[]): PolicySecrets {
  const signing = Object.keys(policy.machines).filter((name) => policy.machines[name]?.webhook?.v1)
  const callers = readShared(env, 'CALLER_SECRET', signing, problems)
  for (const name of signing)
    if (callers[name] === undefined)
      problems.push(`${toVariable('CALLER_SECRET', name)} is missing: ${name} signs with v1`)
  return {
    callers,
    receivers: readShared(env, 'RECEIVER_SECRET', Object.keys(policy.receivers), problems),
    chats: readChats(env, policy, problems),
  }
}

function readChats(env: Environment, { chats }: Policy, problems: string[]): ChatSecrets {
  const read = <Schema extends z.ZodMiniType>(platform: Platform, schema: Schema): z.infer<Schema> | undefined => {
    if (chats[platform] === undefined) return undefined
    const parsed = parseVariables(schema, env, `: the policy connects ${platform}`)
    problems.push(...parsed.problems)
    return parsed.values
  }
  const slack = read('slack', CHAT_SCHEMAS.slack)
  const feishu = read('feishu', CHAT_SCHEMAS.feishu)
  const dingtalk = read('dingtalk', CHAT_SCHEMAS.dingtalk)
  return {
    ...(slack === undefined
      ? {}
      : {
          slack: {
            signing: toRotating(slack.SLACK_SIGNING_SECRET, slack.SLACK_SIGNING_SECRET_PREVIOUS),
            botToken: slack.SLACK_BOT_TOKEN,
          },
        }),
    ...(feishu === undefined
      ? {}
      : {
          feishu: {
            encryptKey: toRotating(feishu.FEISHU_ENCRYPT_KEY, feishu.FEISHU_ENCRYPT_KEY_PREVIOUS),
            appSecret: feishu.FEISHU_APP_SECRET,
          },
        }),
    ...(dingtalk === undefined
      ? {}
      : {
          dingtalk: {
            appSecret: toRotating(dingtalk.DINGTALK_APP_SECRET, dingtalk.DINGTALK_APP_SECRET_PREVIOUS),
            aesKey: toRotating(dingtalk.DINGTALK_AES_KEY, dingtalk.DINGTALK_AES_KEY_PREVIOUS),
            cardSecret: toRotating(dingtalk.DINGTALK_CARD_SECRET, dingtalk.DINGTALK_CARD_SECRET_PREVIOUS),
          },
        }),
  }
}

function toVariable(prefix: string, name: string): string {
  return `${prefix}_${name.toUpperCase().replaceAll('-', '_')}`
}

function readShared(
  env: Environment,
  prefix: string,
  names: readonly string[],
  problems: string[],
): Record<string, Rotating> {
  const secrets: Record<string, Rotating> = {}
  for (const name of names) {
    const variable = toVariable(prefix, name)
    const [current, previous] = [variable, `${variable}_PREVIOUS`].map((each) => readSecret(env, each, problems))
    if (current !== undefined) secrets[name] = toRotating(current, previous)
  }
  return secrets
}

function readSecret(env: Environment, variable: string, problems: string[]): string | undefined {
  const value = env[variable]
  if (value === undefined || value === '') return undefined
  const parsed = sharedSecretSchema.safeParse(value)
  if (!parsed.success) problems.push(`${variable}: ${parsed.error.issues[0]?.message ?? 'is not right'}`)
  return value
}
