// What the product consumes, against what ARCHITECTURE.md says; and that what was finished long ago costs nothing.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMeter, measureCosts, toTable, type Meter } from '#support/cost.ts'

const FINISHED = 100_000
const A_DAY = 24 * 60 * 60 * 1000

let meter: Meter

beforeAll(async () => {
  meter = await createMeter()
}, 60_000)
afterAll(async () => meter.deployment.close())

/** The rows of the table under the heading, as `toTable` has them. */
function readTable(): readonly (readonly (string | number)[])[] {
  const text = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8')
  const [, section = ''] = /^## Cost\n(.*?)^## /ms.exec(text) ?? []
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.map((row) => {
    const [name = '', ...cells] = row.split('|').slice(1, -1)
    return [name.trim(), ...cells.map((cell) => Number(cell.trim().replaceAll(',', '')))]
  })
}

test('the document says what a request, a look and an idle month cost', { timeout: 60_000 }, async () => {
  expect(readTable()).toEqual(toTable(await measureCosts(meter)))
})

test(
  'a list costs what its day has and what is open, and an idle minute nothing more',
  { timeout: 60_000 },
  async () => {
    const { record, deployment } = meter
    const { cloud, functions, call, ask } = deployment
    const today = new Date().toISOString().slice(0, 10)
    const list = (day: string) => record(() => call('GET', `/v1/start-requests?day=${day}`, { as: 'carol' }))
    const idle = () =>
      record(() => {
        functions.fireTimer('starter', 'sweep')
        functions.fireTimer('gate', 'tell')
      })
    const yesterday = new Date(Date.now() - A_DAY).toISOString().slice(0, 10)
    // One that ran before, and three that wait.
    for (const _ of [1, 2, 3]) await ask({ instanceId: 'i-bp1never' })
    await functions.idle()
    const [few, none, minute] = [await list(today), await list(yesterday), await idle()]
    expect(few.tablestore).toBe(2 + 2 * 4)
    expect(none).toMatchObject({ tablestore: 2, read: 2 })

    const ids = Array.from({ length: FINISHED }, () => randomBytes(16).toString('hex')).toSorted()
    const at = Date.now() - 2 * A_DAY
    const days = ids.map((id, n) => [
      new Date(at - n * 60_000).toISOString().slice(0, 10),
      at - n * 60_000,
      `req_${id}`,
    ])
    expect(cloud.tablestore.seed('days', days, { v: 1 })).toBeGreaterThan(FINISHED)
    expect([await list(today), await list(yesterday), await idle()]).toEqual([few, none, minute])
  },
)
