// The function on the internet. It may record what people ask and decide; it may start nothing.
import { createGateHandler } from '#adapters/fc/gate-handler.ts'
import { wireGate } from '#lib/wire-gate.ts'

const here = new URL('.', import.meta.url)
export const handler = createGateHandler(wireGate(process.env, here), async (asked) =>
  (await import('#lib/wire-doctor.ts')).report('gate', process.env, here, asked),
)
