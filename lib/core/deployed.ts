// A starter came up: a note under a stream of its own in `runs`, at n = the time in ms, outside chains and caps.
import { digestSchema } from './words.ts'
import * as z from './zod.ts'

export const DEPLOYED_STREAM = 'starter'

/** Which build it runs, and the digest of its policy. */
export const deployedSchema = z.strictObject({ build: z.string().check(z.maxLength(100)), policy: digestSchema })
