// What every book promises, wherever it is kept.
import { describe, expect, it } from 'vitest'
import { findBrokenLink, headOf, NO_HEAD, type Head, type Row } from '#core/row.ts'
import type { Book } from '#ports/book.ts'
import { newChain, newRow, newStream } from '#support/rows.ts'

export interface BookUnderTest {
  /** `asks`, each test with streams of its own. */
  readonly book: Book
  /** The answers to coming puts are lost; the put itself is carried out or not. */
  losePuts(applied: boolean, times: number): void
  /** The answers to coming reads are lost. */
  loseReads(times: number): void
}

export function describeBook(name: string, setup: () => Promise<BookUnderTest>, rounds = 200): void {
  describe(`a book (${name})`, async () => {
    const under = await setup()
    const { book } = under

    it('has nothing under a stream that nobody wrote', async () => {
      expect(await book.read(newStream())).toEqual([])
      expect(await book.latest(newStream())).toBeUndefined()
    })

    it('gives every row back as it was put, in the order of numbers', async () => {
      const rows = newChain(12)
      for (const row of rows) expect(await book.put(row)).toBe('mine')
      const read = await book.read(rows[0]?.stream ?? '')

      expect(read).toEqual(rows)
      expect(findBrokenLink(read)).toBeUndefined()
      expect(await book.latest(rows[0]?.stream ?? '')).toEqual(rows.at(-1))
    })

    it('keeps any JSON, numbers and texts exactly', async () => {
      const body = { text: 'ü — \u{1F512} "\\', deep: [{ a: [null, true, -0.5, 1e21] }], n: Number.MAX_SAFE_INTEGER }
      const row = newRow({ body })

      expect(await book.put(row)).toBe('mine')
      expect(await book.read(row.stream)).toEqual([row])
    })

    it('does not mix streams up', async () => {
      const [one, other] = [newChain(2), newChain(3)]
      for (const row of [...one, ...other]) await book.put(row)

      expect(await book.read(one[0]?.stream ?? '')).toEqual(one)
      expect(await book.latest(one[0]?.stream ?? '')).toEqual(one[1])
    })

    it('refuses a second row at a number, and keeps the first', async () => {
      const stream = newStream()
      const [first, second] = [newRow({ stream }), newRow({ stream })]

      expect(await book.put(first)).toBe('mine')
      expect(await book.put(second)).toBe('taken')
      expect(await book.read(stream)).toEqual([first])
    })

    it('does not take a row that was put before for this very put', async () => {
      const row = newRow()
      await book.put(row)

      expect(await book.put(row)).toBe('taken')
    })

    it(`has exactly one winner among eight writers, ${rounds} times`, async () => {
      const stream = newStream()
      let head: Head = NO_HEAD
      for (let round = 0; round < rounds; round += 1) head = headOf([await race(book, stream, head)])

      expect(findBrokenLink(await book.read(stream))).toBeUndefined()
      expect(head.n).toBe(rounds)
    })

    it('has exactly one winner when an answer is lost in every round', async () => {
      const stream = newStream()
      let head: Head = NO_HEAD
      for (let round = 0; round < 40; round += 1) {
        under.losePuts(round % 2 === 0, 1)
        head = headOf([await race(book, stream, head)])
      }

      expect(head.n).toBe(40)
    })

    it('recognises its own row when only the answer was lost', async () => {
      const row = newRow()
      under.losePuts(true, 1)

      expect(await book.put(row)).toBe('mine')
      expect(await book.read(row.stream)).toEqual([row])
    })

    it('never takes a row that it finds for its own', async () => {
      const stream = newStream()
      const [theirs, mine] = [newRow({ stream }), newRow({ stream })]
      await book.put(theirs)
      for (const applied of [true, false]) {
        under.losePuts(applied, 1)

        expect(await book.put(mine)).toBe('taken')
        expect(await book.read(stream)).toEqual([theirs])
      }
    })

    it('puts the identical row again when it did not arrive', async () => {
      const row = newRow()
      under.losePuts(false, 2)

      expect(await book.put(row)).toBe('mine')
      expect(await book.read(row.stream)).toEqual([row])
    })

    it('reads to the end although answers are lost', async () => {
      const rows = newChain(3)
      for (const row of rows) await book.put(row)
      under.loseReads(1)

      expect(await book.read(rows[0]?.stream ?? '')).toEqual(rows)
    })
  })
}

/** The row that won, as it is read afterwards. */
async function race(book: Book, stream: string, after: Head): Promise<Row> {
  const rows = Array.from({ length: 8 }, () => newRow({ stream }, after))
  const outcomes = await Promise.all(rows.map((row) => book.put(row)))
  const winners = rows.filter((_, index) => outcomes[index] === 'mine')
  const there = await book.latest(stream)

  expect(winners).toEqual([there])
  if (there === undefined) throw new Error('nobody won')
  return there
}
