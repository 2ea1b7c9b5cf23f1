// What a function says of itself when `startgate doctor` asks it: facts alone, judged by nobody yet, and nothing secret.
import { instantSchema } from '#core/words.ts'
import * as z from '#core/zod.ts'

/** What became of an act that was only tried. */
const triedSchema = z.strictObject({
  /**
   * `done`: carried out. `condition`: permitted, and stopped by its condition. `forbidden`: refused for lack of permission.
   * `other`: anything else, which says nothing about permissions.
   */
  is: z.enum(['done', 'condition', 'forbidden', 'other']),
  code: z.optional(z.string().check(z.maxLength(100))),
})
export type Tried = z.infer<typeof triedSchema>

const tableShapeSchema = z.strictObject({
  primaryKey: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  /** Seconds; -1: rows are kept for ever. */
  timeToLive: z.int(),
  maxVersions: z.int(),
  allowUpdate: z.boolean(),
})
export type TableShape = z.infer<typeof tableShapeSchema>

/** `shape` is missing when the table could not be described; `tried` says why. */
const describedSchema = z.strictObject({ tried: triedSchema, shape: z.optional(tableShapeSchema) })
export type Described = z.infer<typeof describedSchema>

export const FUNCTIONS = ['gate', 'starter'] as const
export type FunctionRole = (typeof FUNCTIONS)[number]

const ownWorldSchema = z.strictObject({
  /** Where people reach the gate. */
  publicUrl: z.optional(z.string()),
  /** By table; of the gate alone, which may describe them. */
  tables: z.record(z.string(), describedSchema),
  /** By act: `put asks`. */
  acts: z.record(z.string(), triedSchema),
  /** Whether the platform took an event for the function. */
  invokes: z.partialRecord(z.enum(FUNCTIONS), triedSchema),
  looks: triedSchema,
  /** The instances that it sees, of those that it looked for. */
  visible: z.array(z.string()),
  /** Dry runs, by instance. */
  starts: z.record(z.string(), triedSchema),
})
export type OwnWorld = z.infer<typeof ownWorldSchema>

export const reportSchema = z.strictObject({
  function: z.enum(FUNCTIONS),
  build: z.string().check(z.maxLength(200)),
  /** Its Node and the machine under it: `v20.20.2-linux-x64`. */
  runtime: z.string().check(z.maxLength(200)),
  /** What its Node was started with, on its command line or by `NODE_OPTIONS`. */
  nodeFlags: z.string().check(z.maxLength(1000)),
  /** `refused`: V8 did not take it, as flags differ. `none`: there is none for this Node. */
  bytecode: z.enum(['used', 'refused', 'none']),
  policy: z.optional(z.string().check(z.maxLength(200))),
  audience: z.string().check(z.maxLength(200)),
  /** Its own clock, at the end. */
  now: instantSchema,
  /** When this very instance of it was last called by its timer. */
  lastTimer: z.optional(instantSchema),
  /** What is missing or wrong in its environment, one sentence each; no value is shown. */
  problems: z.array(z.string()),
  /** Only of a function that is set up right. */
  world: z.optional(ownWorldSchema),
})
export type Report = z.infer<typeof reportSchema>
