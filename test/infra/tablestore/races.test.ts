import { beforeAll, expect, test } from 'vitest'
import { startTablestore, tableParams } from '#support/local-tablestore.ts'
import { expectExist, expectNotExist, long, sdk } from '#support/tablestore-sdk.ts'

const { client, spine, tablestore } = await startTablestore()
const WRITERS = ['1', '2', '3', '4', '5', '6', '7', '8']
const RACES = 200

beforeAll(async () => {
  await client.createTable(tableParams('asks', { key: ['sRequest', 'iSeq'] }))
})

/** Everybody puts their own name at one key; the answers are who was told that they won. */
async function race(request: string): Promise<readonly string[]> {
  const answers = await Promise.allSettled(
    WRITERS.map(async (writer) => {
      await client.putRow({
        tableName: 'asks',
        primaryKey: [{ sRequest: request }, { iSeq: long(1) }],
        condition: expectNotExist(),
        attributeColumns: [{ writer }],
      })
      return writer
    }),
  )
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
}

const writtenAt = (request: string) =>
  tablestore.rows('asks').find(({ primaryKey }) => primaryKey['sRequest'] === request)?.attributes['writer']

test('of eight writers at one key exactly one wins, two hundred times', async () => {
  for (let n = 0; n < RACES; n += 1) {
    const winners = await race(`race ${n}`)
    expect(winners, `race ${n}`).toHaveLength(1)
    expect(writtenAt(`race ${n}`)).toBe(winners[0])
  }
})

test('at most one is told so when every third answer is lost, and the row is there', async () => {
  for (let n = 0; n < 30; n += 1) {
    spine.faults.clear()
    spine.faults.add({ operation: 'PutRow', skip: n % 3, fault: { kind: 'lost', applied: true } })
    const winners = await race(`lost ${n}`)
    expect(winners.length, `race ${n}`).toBeLessThanOrEqual(1)
    expect(WRITERS).toContain(writtenAt(`lost ${n}`))
    if (winners.length === 1) expect(writtenAt(`lost ${n}`)).toBe(winners[0])
  }
  spine.faults.clear()
})

test('a compare-and-set loses no step', async () => {
  const primaryKey = [{ sRequest: 'counter' }, { iSeq: long(1) }]
  await client.putRow({
    tableName: 'asks',
    primaryKey,
    condition: expectNotExist(),
    attributeColumns: [{ n: long(0) }],
  })
  const step = async (n: number) => {
    const isBefore = new sdk.SingleColumnCondition('n', long(n), sdk.ComparatorType.EQUAL, false)
    const tries = WRITERS.map(async () =>
      client.updateRow({
        tableName: 'asks',
        primaryKey,
        condition: expectExist(isBefore),
        updateOfAttributeColumns: [{ PUT: [{ n: long(n + 1) }] }],
      }),
    )
    return (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled').length
  }
  for (let n = 0; n < 20; n += 1) expect(await step(n), `step ${n}`).toBe(1)
})
