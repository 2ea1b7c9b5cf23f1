// Runs the local cloud as a process: `npx tsx infra/local/main.ts --help`.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { createLocalCloud } from './cloud.ts'
import { LOCAL_NAMES } from './create-spine.ts'
import { deployedFunctions } from './deployed-functions.ts'
import { createRequestLog } from './request-log.ts'

interface Arguments {
  readonly portOts: number
  readonly portEcs: number
  readonly portGate: number
  readonly portControl: number
  readonly artifact?: string
  readonly region: string
  readonly account: string
  readonly instance: readonly string[]
  readonly quiet: boolean
}

const program = new Command('local-cloud')
  .description('Tablestore, ECS, RAM and Function Compute on loopback, for the official SDKs. Everything is in memory.')
  .option('--port-ots <port>', 'port of Tablestore; 0: a free one', toPort, 0)
  .option('--port-ecs <port>', 'port of ECS; 0: a free one', toPort, 0)
  .option('--port-gate <port>', "port of the gate's HTTP trigger; 0: a free one", toPort, 0)
  .option('--port-control <port>', 'port of the control API; 0: a free one', toPort, 0)
  .option('--region <region>', 'the region', LOCAL_NAMES.region)
  .option('--account <id>', 'the account id', LOCAL_NAMES.accountId)
  .option('--instance <id...>', 'stopped ECS instances that the starter may start', [])
  .option('--artifact <dir>', 'also run the functions of s.yaml, from this build of them: dist/function')
  .option('--quiet', 'print no line for each call', false)

await run(program.parse().opts<Arguments>())

async function run(options: Arguments): Promise<void> {
  const cloud = await createLocalCloud({
    region: options.region,
    accountId: options.account,
    ports: { ots: options.portOts, ecs: options.portEcs, http: options.portGate, control: options.portControl },
    instances: options.instance.map((id) => ({ id, region: options.region, tags: { startgate: 'allowed' } })),
    ...(!options.quiet && { onOperation: createRequestLog() }),
    ...(options.artifact !== undefined && { functions: functionsFrom(resolve(options.artifact)) }),
  })
  const { ots, ecs, fc, http, control } = cloud.endpoints
  const { accessKeyId, accessKeySecret } = cloud.spine.credentials.operator
  const lines = [
    `Tablestore   ${ots}  (instance ${LOCAL_NAMES.instance})`,
    ...Object.entries(ecs).map(([region, url]) => `ECS          ${url}  (${region})`),
    ...(cloud.functions === undefined ? [] : [`Functions    ${fc}`, `Gate         ${http['gate']}`]),
    `Control API  ${control}`,
    `Operator     ${accessKeyId} / ${accessKeySecret}`,
  ]
  process.stdout.write(`${lines.join('\n')}\nCtrl-C ends it.\n\n`)

  // Whoever started the process waits for it to end; a second signal ends it at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cloud.close())
}

/** Secrets come from the environment, as in a deployment; the two that the gate cannot do without are made up. */
function functionsFrom(artifact: string) {
  const secrets = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && /^(VIEW_KEY|GATE_SIGNING_KEY|(CALLER|RECEIVER)_SECRET_)/.test(entry[0]),
  )
  return deployedFunctions({
    artifact,
    environment: {
      VIEW_KEY: randomBytes(32).toString('hex'),
      GATE_SIGNING_KEY: newSigningKey(),
      ...Object.fromEntries(secrets),
    },
    onLog: (fn, { text }) => void process.stdout.write(`${fn}: ${text.trimEnd()}\n`),
  })
}

/** `whsk_` and, in base64, the seed and the public key of a fresh Ed25519 key. */
function newSigningKey(): string {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  return `whsk_${Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]).toString('base64')}`
}

function toPort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('not a port')
  return port
}
