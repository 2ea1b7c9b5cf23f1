// Names that the policy gives to instances. An alias is resolved at the door: recorded and signed is always the instance id.
import { accountIdSchema, instanceIdSchema, regionIdSchema } from './words.ts'
import * as z from './zod.ts'

export const aliasSchema = z.strictObject({
  instanceId: instanceIdSchema.check(z.describe('The instance that it leads to.')),
  regionId: z.optional(regionIdSchema).check(z.describe('Its region; default: the region of the gate.')),
  accountId: z.optional(accountIdSchema).check(z.describe('Its account; default: the account of the gate.')),
})
export type Alias = z.infer<typeof aliasSchema>

/** No alias begins with `i-`, so nothing is both. */
export const instanceOrAliasSchema = z
  .string()
  .check(
    z.regex(
      /^(i-[a-z0-9]{4,40}|(?!i-)[a-z][a-z0-9-]{0,62})$/,
      'an instance is an id that looks like i-bp67acfmxazb4p3ujhx1, or an alias of the policy',
    ),
  )

export interface Place {
  readonly instanceId: string
  readonly regionId?: string | undefined
  readonly accountId?: string | undefined
}

/** Where an id or an alias leads; undefined for an alias that is unknown, or that is somewhere else than was said. */
export function resolvePlace(aliases: Readonly<Record<string, Alias>>, place: Place): Place | undefined {
  if (instanceIdSchema.safeParse(place.instanceId).success) return place
  const alias = Object.hasOwn(aliases, place.instanceId) ? aliases[place.instanceId] : undefined
  if (alias === undefined) return undefined
  const { instanceId, regionId = place.regionId, accountId = place.accountId } = alias
  const agrees = regionId === (place.regionId ?? regionId) && accountId === (place.accountId ?? accountId)
  return agrees ? { instanceId, regionId, accountId } : undefined
}
