// The machines of a small company, most of them stopped to save money.
import type { InstanceInput } from '#infra/local/ecs/instance-definition.ts'

const REGION = 'cn-hangzhou'
/** The starter's role may start only what carries this tag. */
const ALLOWED = { startgate: 'allowed' }

export const REPORTING = 'i-bp1reporting0001'
export const STAGING_DB = 'i-bp1stagingdb0001'
export const DASHBOARD = 'i-bp1dashboard0001'
export const NOTEBOOKS = 'i-bp1notebooks0001'
export const FORECAST = 'i-bp1forecast00001'
export const GPU_TRAINER = 'i-bp1gputrainer001'
export const INVOICES = 'i-bp1invoices00001'
export const ARCHIVE = 'i-bp1archive000001'
const SHOP = 'i-bp1shop000000001'

export const FLEET: readonly InstanceInput[] = [
  {
    id: REPORTING,
    region: REGION,
    name: 'reporting-1',
    type: 'ecs.g7.xlarge',
    tags: { ...ALLOWED, team: 'reporting' },
    startingMs: 1500,
    stoppingMs: 400,
  },
  {
    id: NOTEBOOKS,
    region: REGION,
    name: 'notebooks-1',
    type: 'ecs.g7.large',
    tags: { ...ALLOWED, team: 'ml' },
    startingMs: 600,
    stoppingMs: 400,
  },
  {
    id: INVOICES,
    region: REGION,
    name: 'invoices-1',
    type: 'ecs.g7.large',
    tags: { ...ALLOWED, team: 'reporting' },
    startingMs: 600,
    stoppingMs: 400,
  },
  {
    id: FORECAST,
    region: REGION,
    name: 'forecast-1',
    type: 'ecs.c7.2xlarge',
    tags: { ...ALLOWED, team: 'reporting' },
    startingMs: 600,
    stoppingMs: 400,
  },
  {
    id: STAGING_DB,
    region: REGION,
    name: 'staging-db-1',
    type: 'ecs.r7.large',
    tags: { ...ALLOWED, env: 'staging' },
    startingMs: 1000,
    stoppingMs: 400,
  },
  {
    id: DASHBOARD,
    region: REGION,
    name: 'dashboard-1',
    type: 'ecs.c7.large',
    tags: { ...ALLOWED, team: 'reporting' },
    startingMs: 800,
    stoppingMs: 400,
  },
  {
    id: GPU_TRAINER,
    region: REGION,
    name: 'gpu-trainer-1',
    type: 'ecs.gn6i-c4g1.xlarge',
    tags: { ...ALLOWED, team: 'ml' },
    stoppedMode: 'StopCharging',
    startingMs: 1500,
    stoppingMs: 400,
  },
  {
    id: ARCHIVE,
    region: REGION,
    name: 'archive-1',
    type: 'ecs.d1.2xlarge',
    tags: { ...ALLOWED, team: 'reporting' },
    localDisks: { amount: 4, capacityGb: 5500 },
    startingMs: 500,
    stoppingMs: 400,
  },
  // In production, not tagged, and no business of Startgate.
  { id: SHOP, region: REGION, name: 'shop-1', type: 'ecs.g7.2xlarge', tags: { env: 'prod' }, status: 'Running' },
]

export function nameOf(id: string): string {
  return FLEET.find((instance) => instance.id === id)?.name ?? id
}
