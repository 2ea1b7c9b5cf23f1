// The description of the HTTP API (OpenAPI 3.1), made of the very schemas that the routes use. Made once, by the build.
import * as z from '#core/zod.ts'
import { EXAMPLES } from './openapi-examples.ts'
import { PATHS, type Operation } from './openapi-paths.ts'
import * as answers from './answers.ts'
import * as schemas from './schemas.ts'

const REQUESTS = {
  Ask: schemas.askSchema,
  Decision: schemas.decisionSchema,
  Cancellation: schemas.cancellationSchema,
} as const

const ANSWERS = {
  Summary: answers.summarySchema,
  Detail: answers.detailSchema,
  Decided: answers.decidedSchema,
  List: answers.listSchema,
  Events: answers.eventsSchema,
  Receipt: answers.receiptSchema,
  Health: answers.healthSchema,
  KeySet: answers.keySetSchema,
  Problem: answers.problemSchema,
} as const

export type SchemaName = keyof typeof REQUESTS | keyof typeof ANSWERS

export function toOpenapi(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Startgate',
      version,
      description:
        'An approval gate in front of ECS StartInstance: nothing starts without a signature over exactly what will run. Problems are told in the language that Accept-Language asks for, English or Chinese; what errors says of single members is in English.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: toPaths(),
    components: {
      schemas: { ...mapValues(REQUESTS, toInput), ...mapValues(ANSWERS, toOutput) },
      securitySchemes: {
        call: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'A compact JWS with the header {alg, kid, typ: "startgate-call+jwt"} and exactly the claims iss (the name in the policy that has the key), aud (the audience), iat, exp (at most 300 s later), htm (the method), htu (path and query; of the query, names and values are compared, in no order) and digest (SHA-256 of the body in base64url).',
        },
        webhook: {
          type: 'apiKey',
          in: 'header',
          name: 'webhook-signature',
          description: 'Standard Webhooks, v1 or v1a, with webhook-id and webhook-timestamp beside it.',
        },
      },
    },
  }
}

function toPaths(): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const { path, method, ...operation } of PATHS) {
    paths[path] = { ...paths[path], [method]: toOperation(operation) }
  }
  return paths
}

function toOperation({
  name,
  summary,
  security,
  parameters,
  body,
  answers,
  problems,
}: Omit<Operation, 'path' | 'method'>): object {
  return {
    operationId: name,
    summary,
    security: security === undefined ? [] : [{ [security]: [] }],
    ...(parameters === undefined ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: toContent('application/json', body) } }),
    responses: {
      ...mapValues(answers, ({ description, schema, headers }) => ({
        description,
        ...(headers === undefined ? {} : { headers }),
        content: schema === undefined ? { 'application/json': {} } : toContent('application/json', schema),
      })),
      ...mapValues(problems, (description) => ({
        description,
        content: toContent('application/problem+json', 'Problem'),
      })),
    },
  }
}

function toContent(type: string, schema: SchemaName): object {
  const example = EXAMPLES[schema]
  return {
    [type]: { schema: { $ref: `#/components/schemas/${schema}` }, ...(example === undefined ? {} : { example }) },
  }
}

function toInput(schema: z.ZodMiniType): object {
  return toSchema(schema, 'input')
}

function toOutput(schema: z.ZodMiniType): object {
  return toSchema(schema, 'output')
}

/** Every form stands for itself, so nothing refers to a place that the whole document does not have. */
function toSchema(schema: z.ZodMiniType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io })
  return rest
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
