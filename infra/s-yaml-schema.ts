// What may stand in s.yaml, after `${vars.…}` is filled in. The deploy tool's own schema lets unknown keys and wrong
// triggers pass, so this one refuses whatever it does not know, at every level.

import * as z from '#core/zod.ts'
import { CHAT_VARIABLES } from '#lib/config-secrets.ts'
import { parseCron } from './local/fc/cron.ts'

/** `${env('NAME')}`, and nothing around it. */
const fromEnvironment = z
  .string()
  .check(
    z.regex(
      /^\$\{env\('[A-Z][A-Z0-9_]*'\)\}$/,
      "must be ${env('NAME')}: nothing secret or of one account is written here",
    ),
  )

/** Text that is the same for everyone. */
const plain = z.string().check(z.regex(/^[A-Za-z0-9.:/_-]+$/, 'must be plain text'))

const buildFirst = z.strictObject({
  'pre-deploy': z.tuple([z.strictObject({ run: z.literal('npm run build -- --deploy'), path: z.literal('./') })]),
})

const cron = z.string().check(
  z.superRefine((expression, context) => {
    try {
      parseCron(expression)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
    }
  }),
)

const jsonText = z.string().check(
  z.refine((text) => {
    try {
      return typeof JSON.parse(text) === 'object'
    } catch {
      return false
    }
  }, 'must be a JSON object as text'),
)

const triggerName = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,63}$/))

const httpTrigger = z.strictObject({
  triggerName,
  triggerType: z.literal('http'),
  triggerConfig: z.strictObject({
    authType: z.literal('anonymous'),
    methods: z.array(z.enum(['GET', 'HEAD', 'POST'])).check(z.minLength(1)),
    disableURLInternet: z.optional(z.boolean()),
  }),
})

const timerTrigger = z.strictObject({
  triggerName,
  triggerType: z.literal('timer', 'must be "timer": nothing but timers and the gate reaches the starter'),
  triggerConfig: z.strictObject({ cronExpression: cron, enable: z.boolean(), payload: jsonText }),
})

const commonProps = {
  region: z.string().check(z.regex(/^[a-z]{2}-[a-z]+(-\d+)?$/)),
  functionName: z.string().check(z.regex(/^[A-Za-z_][\w-]{0,63}$/)),
  description: z.optional(z.string().check(z.maxLength(256))),
  runtime: z.literal('nodejs20'),
  code: z.literal('./dist/function'),
  cpu: z.number().check(z.minimum(0.05), z.maximum(16)),
  memorySize: z.int().check(z.minimum(128), z.maximum(32_768), z.multipleOf(64)),
  timeout: z.int().check(z.minimum(1), z.maximum(86_400)),
  role: fromEnvironment,
  logConfig: z.strictObject({
    project: fromEnvironment,
    logstore: fromEnvironment,
    enableRequestMetrics: z.boolean(),
    enableInstanceMetrics: z.boolean(),
    logBeginRule: z.literal('None', 'must be None: each line is a JSON object of its own'),
  }),
  vpcConfig: z.strictObject({
    vpcId: fromEnvironment,
    vSwitchIds: z.array(fromEnvironment).check(z.minLength(1)),
    securityGroupId: fromEnvironment,
  }),
  internetAccess: z.boolean(),
  concurrencyConfig: z.strictObject({ reservedConcurrency: z.int().check(z.minimum(0), z.maximum(100)) }),
}

const commonEnvironment = {
  TABLESTORE_ENDPOINT: fromEnvironment,
  TABLESTORE_INSTANCE: fromEnvironment,
  ECS_ENDPOINT: z.string().check(z.regex(/^[a-z0-9.-]+<region>[a-z0-9.-]+$/, 'must be a host with <region> in it')),
  GATE_FUNCTION: plain,
  STARTER_FUNCTION: plain,
}

const maxAsyncEventAgeInSeconds = z.int().check(z.minimum(1), z.maximum(604_800))

const starter = z.strictObject({
  component: z.literal('fc3'),
  actions: buildFirst,
  props: z.strictObject({
    ...commonProps,
    handler: z.literal('starter.handler'),
    environmentVariables: z.strictObject({ ...commonEnvironment, INVOKE_ENDPOINT: fromEnvironment }),
    asyncInvokeConfig: z.strictObject({
      maxAsyncRetryAttempts: z.literal(0, 'must be 0: the sweep is the retry'),
      maxAsyncEventAgeInSeconds,
    }),
    triggers: uniquelyNamed(z.array(timerTrigger)),
  }),
})

const gateEnvironment = z
  .catchall(
    z.object({
      ...commonEnvironment,
      PUBLIC_URL: fromEnvironment,
      VIEW_KEY: fromEnvironment,
      VIEW_KEY_PREVIOUS: z.optional(fromEnvironment),
      GATE_SIGNING_KEY: fromEnvironment,
    }),
    fromEnvironment,
  )
  .check(
    z.superRefine((variables, context) => {
      const known = new Set(Object.keys(gateEnvironment.shape))
      const isSecret = (name: string) =>
        /^(CALLER|RECEIVER)_SECRET_[A-Z0-9_]+$/.test(name) || CHAT_VARIABLES.includes(name)
      const keys = Object.keys(variables).filter((name) => !known.has(name) && !isSecret(name))
      for (const key of keys) context.addIssue({ code: 'custom', path: [key], message: 'is read by nobody' })
    }),
  )

const gate = z.strictObject({
  component: z.literal('fc3'),
  actions: buildFirst,
  props: z.strictObject({
    ...commonProps,
    handler: z.literal('gate.handler'),
    environmentVariables: gateEnvironment,
    asyncInvokeConfig: z.strictObject({
      maxAsyncRetryAttempts: z.int().check(z.minimum(0), z.maximum(8)),
      maxAsyncEventAgeInSeconds,
    }),
    triggers: uniquelyNamed(z.array(z.discriminatedUnion('triggerType', [httpTrigger, timerTrigger]))),
  }),
})

export const serviceSchema = z.strictObject({
  edition: z.literal('3.0.0'),
  name: plain,
  access: plain,
  vars: z.record(z.string(), plain),
  flow: z.strictObject({
    deploy: z.tuple([z.tuple([z.literal('starter')]), z.tuple([z.literal('gate')])]),
  }),
  resources: z.strictObject({ starter, gate }),
})

/** s.yaml with `${vars.…}` filled in and `${env(…)}` as it stands. */
export type ServiceFile = z.infer<typeof serviceSchema>

function uniquelyNamed<T extends z.ZodMiniArray<z.ZodMiniType<{ readonly triggerName: string }>>>(triggers: T): T {
  return triggers.check(
    z.refine(
      (each) => new Set(each.map((trigger) => trigger.triggerName)).size === each.length,
      'two triggers have the same name',
    ),
  ) as T
}
