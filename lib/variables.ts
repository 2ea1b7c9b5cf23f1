import type * as z from '#core/zod.ts'
import type { Environment } from './config.ts'

interface ParsedVariables<Values> {
  /** Undefined when there is a problem. */
  readonly values: Values | undefined
  /** One sentence for each variable; none has a value in it. */
  readonly problems: readonly string[]
}

/** An empty variable counts as missing: deployment tools leave such behind. `why`: said of each that is missing. */
export function parseVariables<Schema extends z.ZodMiniType>(
  schema: Schema,
  env: Environment,
  why = '',
): ParsedVariables<z.infer<Schema>> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(present)
  if (parsed.success) return { values: parsed.data, problems: [] }
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.')
    return name in present ? `${name}: ${message}` : `${name} is missing${why}`
  })
  return { values: undefined, problems }
}
