// The members of a policy that are about chats: who people are there, which platforms are connected, and who hears of requests.
import * as z from 'zod'
import { exampleOf } from './chat-examples.ts'
import { identitySchema } from './chat.ts'
import { STATES, type Platform } from './words.ts'

export const chatSchema = z
  .array(identitySchema)
  .default([])
  .describe('Who this person is on chat platforms, as slack:T0123/U0456; messages go to the first.')

const chatLanguageSchema = z.enum(['en', 'zh']).default('en').describe('The language of cards.')
const chatIdSchema = z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/, 'an id is written as the platform shows it')

export const chatsSchema = z
  .strictObject({
    dingtalk: z
      .strictObject({
        corp: chatIdSchema.describe('The corpId of the organisation.'),
        app: chatIdSchema.describe('The AppKey (client id) of the internal app.'),
        robot: chatIdSchema.describe('The robotCode of its robot.'),
        template: chatIdSchema.describe('The id of the card template.'),
        route: chatIdSchema.describe('The callbackRouteKey under which the card callback is registered.'),
        language: chatLanguageSchema,
      })
      .optional()
      .describe('An internal app with a robot in HTTP mode.'),
    feishu: z
      .strictObject({
        tenant: chatIdSchema.describe('The tenant_key of the organisation.'),
        app: chatIdSchema.describe('The app id, cli_….'),
        site: z.enum(['feishu', 'lark']).default('feishu').describe('open.feishu.cn or open.larksuite.com.'),
        language: chatLanguageSchema,
      })
      .optional()
      .describe('A custom app with a bot.'),
    slack: z
      .strictObject({
        team: chatIdSchema.describe('The id of the workspace, T….'),
        app: chatIdSchema.describe('The id of the app, A….'),
        language: chatLanguageSchema,
      })
      .optional()
      .describe('An app of this workspace.'),
  })
  .default({})
  .describe('The chat platforms that are connected; their secrets stand in the environment.')

export const receiverSchema = z.union([
  z.strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('Where messages are posted.'),
    states: z
      // Time alone makes a request expire: what is told, soon after, is that it has.
      .array(z.enum(STATES).exclude(['expiring']))
      .min(1)
      .optional()
      .describe('Only changes to these states are sent; default: all of them.'),
  }),
  z.strictObject({
    group: z
      .string()
      .regex(/^(dingtalk|feishu|slack)\/[A-Za-z0-9_.+=$-]{1,128}$/, {
        error: ({ input }) => `a group looks like ${exampleOf('group', input)}`,
      })
      .describe('A group on a chat platform that the robot is in.'),
  }),
])

/** The organisation in which identities of the platform count; undefined where it is not connected. */
export function findTenant(
  { dingtalk, feishu, slack }: z.infer<typeof chatsSchema>,
  platform: Platform,
): string | undefined {
  return { dingtalk: dingtalk?.corp, feishu: feishu?.tenant, slack: slack?.team }[platform]
}
