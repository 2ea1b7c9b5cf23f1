// The function that starts instances, after judging the proof itself. Nobody can reach it but its timer and the gate's hints.
import { createStarterHandler } from '#adapters/fc/starter-handler.ts'
import { wireStarter } from '#lib/wire-starter.ts'

const here = new URL('.', import.meta.url)
export const handler = createStarterHandler(wireStarter(process.env, here), async (asked) =>
  (await import('#lib/wire-doctor.ts')).report('starter', process.env, here, asked),
)
