// Prints what the product consumes, as the table in ARCHITECTURE.md has it; and how long an idle minute takes here.
import { createMeter, measureCosts, toTable } from '#support/cost.ts'

const MINUTES = 30

const meter = await createMeter()
try {
  const table = toTable(await measureCosts(meter))
  for (const [name, ...numbers] of table) console.log(`| ${name} | ${numbers.map(toText).join(' | ')} |`)
  console.log(`\nAn idle minute runs both functions for ${(await timeIdleMinute()).toFixed(3)} s on this machine.`)
} finally {
  await meter.deployment.close()
}

/** Warm, and the mean of many. */
async function timeIdleMinute(): Promise<number> {
  const { functions } = meter.deployment
  const before = meter.seconds()
  for (let minute = 0; minute < MINUTES; minute += 1) {
    functions.fireTimer('starter', 'sweep')
    functions.fireTimer('gate', 'tell')
    await functions.idle()
  }
  return (meter.seconds() - before) / MINUTES
}

function toText(number: number): string {
  return number.toLocaleString('en-US')
}
