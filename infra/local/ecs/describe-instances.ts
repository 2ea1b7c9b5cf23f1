// DescribeInstances: what the caller may see, a page at a time, as late as the instances' lag makes it.

import * as z from '#core/zod.ts'
import { commonError } from './common-errors.ts'
import type { EcsRefusal } from './errors.ts'
import type { LocalInstance } from './instances.ts'
import {
  type EcsResult,
  type OperationContext,
  type Preparation,
  invalidParameter,
  missingParameter,
  unsupportedParameter,
} from './operation.ts'
import { toDescribedInstance } from './to-described-instance.ts'

const SUPPORTED = [
  'RegionId',
  'InstanceIds',
  'InstanceName',
  'Status',
  'PageSize',
  'PageNumber',
  'MaxResults',
  'NextToken',
]
const MAX_IDS = 100
const instanceIds = z.array(z.string()).check(z.maxLength(MAX_IDS))

interface Page {
  readonly from: number
  readonly size: number
  readonly number: number
}

export function prepareDescribeInstances(context: OperationContext): Preparation {
  const { params, accountId } = context
  const unsupported = unsupportedParameter(params, SUPPORTED)
  if (unsupported !== undefined) return { refusal: unsupported }
  const region = params.get('RegionId')
  if (!region) return { refusal: missingParameter('RegionId') }
  const ids = readInstanceIds(params.get('InstanceIds'))
  if (ids !== undefined && 'code' in ids) return { refusal: ids }
  const page = readPage(params)
  if ('code' in page) return { refusal: page }

  const name = params.get('InstanceName')
  const all = name === undefined ? `all of ${region}` : `${name} in ${region}`
  return {
    subject: ids === undefined ? all : ids.slice(0, 3).join(', ') + (ids.length > 3 ? ', …' : ''),
    action: 'ecs:DescribeInstances',
    resource: `acs:ecs:${region}:${accountId}:instance/*`,
    // Whoever may not see an instance gets a list without it, and no error.
    restrictedTo: undefined,
    carryOut: () => describe(context, { region, ids, page }),
  }
}

function describe(
  { instances, params, allows }: OperationContext,
  { region, ids, page }: { readonly region: string; readonly ids: readonly string[] | undefined; readonly page: Page },
): EcsResult {
  const status = params.get('Status')
  const name = params.get('InstanceName')
  const found = (ids === undefined ? instances.list(region) : listNamed(instances, ids, region))
    .filter(({ definition }) => name === undefined || toPattern(name).test(definition.name))
    .filter(({ described }) => status === undefined || described.status === status)
    .filter((instance) => allows('ecs:DescribeInstances', instance))
  const end = page.from + page.size
  return {
    body: {
      TotalCount: found.length,
      PageNumber: page.number,
      PageSize: page.size,
      NextToken: end < found.length ? toNextToken(end) : '',
      Instances: { Instance: found.slice(page.from, end).map(toDescribedInstance) },
    },
  }
}

/** `*` stands for anything. */
function toPattern(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}

/** As many looks as ids, however many instances there are. */
function listNamed(
  instances: OperationContext['instances'],
  ids: readonly string[],
  region: string,
): readonly LocalInstance[] {
  const named = [...new Set(ids)].toSorted().map((id) => instances.find(id))
  return named.filter((instance) => instance !== undefined).filter(({ definition }) => definition.region === region)
}

/** A JSON array in a string, as the API wants it. */
function readInstanceIds(text: string | undefined): string[] | undefined | EcsRefusal {
  if (text === undefined) return undefined
  try {
    return instanceIds.parse(JSON.parse(text))
  } catch {
    return commonError('InvalidInstanceIds.Malformed')
  }
}

/** Ten a page unless told, also with InstanceIds: who names more than ten must ask for more than ten. */
function readPage(params: ReadonlyMap<string, string>): Page | EcsRefusal {
  const read = (name: string, max: number) => {
    const text = params.get(name)
    if (text === undefined) return undefined
    const value = Number(text)
    return /^\d+$/.test(text) && value >= 1 && value <= max ? value : Number.NaN
  }
  const maxResults = read('MaxResults', 100)
  const pageSize = read('PageSize', 100)
  const number = read('PageNumber', Number.MAX_SAFE_INTEGER)
  if (Number.isNaN(maxResults)) return invalidParameter('MaxResults')
  if (Number.isNaN(pageSize)) return invalidParameter('PageSize')
  if (Number.isNaN(number)) return invalidParameter('PageNumber')

  const size = maxResults ?? pageSize ?? 10
  const token = params.get('NextToken')
  if (!token) return { from: ((number ?? 1) - 1) * size, size, number: number ?? 1 }
  const from = fromNextToken(token)
  return from === undefined ? invalidParameter('NextToken') : { from, size, number: Math.floor(from / size) + 1 }
}

function toNextToken(from: number): string {
  return Buffer.from(`from:${from}`).toString('base64url')
}

function fromNextToken(token: string): number | undefined {
  const match = /^from:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())
  return match === null ? undefined : Number(match[1])
}
