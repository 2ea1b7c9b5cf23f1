// The function on the internet. It may record what people ask and decide; it may start nothing.
import { createGateHandler } from '#adapters/fc/gate-handler.ts'
import { wireGate } from '#lib/wire-gate.ts'

export const handler = createGateHandler(wireGate(process.env, new URL('.', import.meta.url)))
