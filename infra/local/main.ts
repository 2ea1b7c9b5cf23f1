// Runs the local cloud as a process: `npx tsx infra/local/main.ts --help`.

import { Command, InvalidArgumentError } from 'commander'
import { createLocalCloud } from './cloud.ts'
import { LOCAL_NAMES } from './create-spine.ts'
import { createRequestLog } from './request-log.ts'

interface Arguments {
  readonly portOts: number
  readonly portEcs: number
  readonly portControl: number
  readonly region: string
  readonly account: string
  readonly instance: readonly string[]
  readonly quiet: boolean
}

const program = new Command('local-cloud')
  .description('Tablestore, ECS and RAM on loopback, for the official SDKs. Everything is kept in memory.')
  .option('--port-ots <port>', 'port of Tablestore; 0: a free one', toPort, 0)
  .option('--port-ecs <port>', 'port of ECS; 0: a free one', toPort, 0)
  .option('--port-control <port>', 'port of the control API; 0: a free one', toPort, 0)
  .option('--region <region>', 'the region', LOCAL_NAMES.region)
  .option('--account <id>', 'the account id', LOCAL_NAMES.accountId)
  .option('--instance <id...>', 'stopped ECS instances that the starter may start', [])
  .option('--quiet', 'print no line for each call', false)

await run(program.parse().opts<Arguments>())

async function run(options: Arguments): Promise<void> {
  const cloud = await createLocalCloud({
    region: options.region,
    accountId: options.account,
    ports: { ots: options.portOts, ecs: options.portEcs, control: options.portControl },
    instances: options.instance.map((id) => ({ id, region: options.region, tags: { startgate: 'allowed' } })),
    ...(!options.quiet && { onOperation: createRequestLog() }),
  })
  const { ots, ecs, control } = cloud.endpoints
  const { accessKeyId, accessKeySecret } = cloud.spine.credentials.operator
  const lines = [
    `Tablestore   ${ots}  (instance ${LOCAL_NAMES.instance})`,
    ...Object.entries(ecs).map(([region, url]) => `ECS          ${url}  (${region})`),
    `Control API  ${control}`,
    `Operator     ${accessKeyId} / ${accessKeySecret}`,
  ]
  process.stdout.write(`${lines.join('\n')}\nCtrl-C ends it.\n\n`)

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void cloud.close())
}

function toPort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('not a port')
  return port
}
