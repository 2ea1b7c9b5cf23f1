// Prints what the product consumes, as the table in ARCHITECTURE.md has it; and how long an invocation really takes here.
import { createMeter, INVOCATION_MS, measureCosts, QUICK, toTable } from '#support/cost.ts'

const MINUTES = 30
const REQUESTS = 10

const meter = await createMeter()
const { functions, cloud, ask, sign, decide } = meter.deployment
try {
  const table = toTable(await measureCosts(meter))
  for (const [name, ...numbers] of table) console.log(`| ${name} | ${numbers.map(toText).join(' | ')} |`)
  const idle = await timeInvocations(MINUTES, tick)
  // What runs side by side in a request gets further instances of its function first.
  await timeInvocations(REQUESTS, playRequest)
  const busy = await timeInvocations(REQUESTS, playRequest)
  console.log(
    `\nThe table takes each invocation for ${INVOCATION_MS} ms, besides waiting. Warm, on this machine, it takes`,
  )
  console.log(
    `${idle.toFixed(1)} ms where nothing is to be done, and ${busy.toFixed(1)} ms in requests that nothing waits for.`,
  )
} finally {
  await meter.deployment.close()
}

/** The mean, in milliseconds an invocation. */
async function timeInvocations(times: number, work: () => unknown): Promise<number> {
  const before = meter.ran()
  for (let time = 0; time < times; time += 1) {
    await work()
    await functions.idle()
  }
  const after = meter.ran()
  return (after.ms - before.ms) / (after.invocations - before.invocations)
}

function tick(): void {
  functions.fireTimer('starter', 'sweep')
  functions.fireTimer('gate', 'tell')
}

async function playRequest(): Promise<void> {
  cloud.ecs.instances.change(QUICK, { status: 'Stopped' })
  const { id } = (await ask({ instanceId: QUICK })).body
  await functions.idle()
  await decide(id, 'approve', await sign('bob', 'approve', id))
}

function toText(number: number): string {
  return number.toLocaleString('en-US')
}
