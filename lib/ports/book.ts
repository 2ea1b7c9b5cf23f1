import type { Row } from '#core/row.ts'

/** Reading one of the two books. */
export interface ReadableBook {
  /**
   * Every row of the stream, in order of `n`, whatever number of pages it takes. Never an older state than the last
   * put that anybody was told of. Throws when it cannot be read to the end.
   */
  read(stream: string): Promise<readonly Row[]>
  /** The row with the highest number, without reading the others. */
  latest(stream: string): Promise<Row | undefined>
}

/** A book that this function is the only one to write. */
export interface Book extends ReadableBook {
  /**
   * Puts the row if there is none at its number yet. Of any number of writers at one number exactly one hears `mine`,
   * and that row stays. An answer that was lost is settled by reading: a row with this very `id` is `mine`, any other is
   * `taken`, none means that the identical row is put again. Throws when that cannot be settled in time; the row may
   * then be there or not.
   */
  put(row: Row): Promise<'mine' | 'taken'>
}
