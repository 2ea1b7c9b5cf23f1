// The members of a policy that are about chats: who people are there, which platforms are connected, and who hears of requests.
import { exampleOf } from './chat-examples.ts'
import { identitySchema } from './chat.ts'
import { STATES, type Platform } from './words.ts'
import * as z from './zod.ts'

export const chatSchema = z
  ._default(z.array(identitySchema), [])
  .check(z.describe('Who this person is on chat platforms, as slack:T0123/U0456; messages go to the first.'))

const chatLanguageSchema = z._default(z.enum(['en', 'zh']), 'en').check(z.describe('The language of cards.'))
const chatIdSchema = z.string().check(z.regex(/^[A-Za-z0-9_.-]{1,128}$/, 'an id is written as the platform shows it'))

export const chatsSchema = z
  ._default(
    z.strictObject({
      dingtalk: z
        .optional(
          z.strictObject({
            corp: chatIdSchema.check(z.describe('The corpId of the organisation.')),
            app: chatIdSchema.check(z.describe('The AppKey (client id) of the internal app.')),
            robot: chatIdSchema.check(z.describe('The robotCode of its robot.')),
            template: chatIdSchema.check(z.describe('The id of the card template.')),
            route: chatIdSchema.check(z.describe('The callbackRouteKey under which the card callback is registered.')),
            language: chatLanguageSchema,
          }),
        )
        .check(z.describe('An internal app with a robot in HTTP mode.')),
      feishu: z
        .optional(
          z.strictObject({
            tenant: chatIdSchema.check(z.describe('The tenant_key of the organisation.')),
            app: chatIdSchema.check(z.describe('The app id, cli_….')),
            site: z
              ._default(z.enum(['feishu', 'lark']), 'feishu')
              .check(z.describe('open.feishu.cn or open.larksuite.com.')),
            language: chatLanguageSchema,
          }),
        )
        .check(z.describe('A custom app with a bot.')),
      slack: z
        .optional(
          z.strictObject({
            team: chatIdSchema.check(z.describe('The id of the workspace, T….')),
            app: chatIdSchema.check(z.describe('The id of the app, A….')),
            language: chatLanguageSchema,
          }),
        )
        .check(z.describe('An app of this workspace.')),
    }),
    {},
  )
  .check(z.describe('The chat platforms that are connected; their secrets stand in the environment.'))

export const receiverSchema = z.union([
  z.strictObject({
    url: z.url({ protocol: /^https?$/ }).check(z.describe('Where messages are posted.')),
    states: z
      .optional(
        z
          // Time alone makes a request expire: what is told, soon after, is that it has.
          .array(z.enum(STATES.filter((state) => state !== 'expiring')))
          .check(z.minLength(1)),
      )
      .check(z.describe('Only changes to these states are sent; default: all of them.')),
  }),
  z.strictObject({
    group: z.string().check(
      z.regex(/^(dingtalk|feishu|slack)\/[A-Za-z0-9_.+=$-]{1,128}$/, {
        error: ({ input }) => `a group looks like ${exampleOf('group', input)}`,
      }),
      z.describe('A group on a chat platform that the robot is in.'),
    ),
  }),
])

/** The organisation in which identities of the platform count; undefined where it is not connected. */
export function findTenant(
  { dingtalk, feishu, slack }: z.infer<typeof chatsSchema>,
  platform: Platform,
): string | undefined {
  return { dingtalk: dingtalk?.corp, feishu: feishu?.tenant, slack: slack?.team }[platform]
}
