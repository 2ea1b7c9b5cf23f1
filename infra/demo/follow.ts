// Looks at a request every now and then, as a program of one's own would.
import { setTimeout as sleep } from 'node:timers/promises'
import { Deviation } from './deviation.ts'
import type { Detail, GateClient } from './gate-client.ts'
import type { Narrator } from './narrator.ts'

const LONGEST_MS = 20_000
const EVERY_MS = 400

/** Tells each state that a request passes through, until it has ended. */
export async function follow(gate: GateClient, narrator: Narrator, id: string): Promise<Detail> {
  const deadline = Date.now() + LONGEST_MS
  let state = ''
  for (;;) {
    const shown = await narrator.during('looking at the request', gate.show(id))
    if (shown.state !== state) narrator.state(shown.state, shown.view.headline)
    state = shown.state
    if (shown.final) return shown
    if (Date.now() > deadline) throw new Deviation(`after ${LONGEST_MS / 1000} s the request is still ${state}`)
    await narrator.during(`still ${state}`, sleep(EVERY_MS))
  }
}
