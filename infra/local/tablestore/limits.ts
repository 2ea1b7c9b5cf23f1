// The service's limits, as its limits page states them. Sizes in bytes.

const KB = 1024
const MB = 1024 * KB

export const MAX_BODY_BYTES = 5 * MB
export const MAX_CLOCK_SKEW_MS = 15 * 60 * 1000

export const MAX_TABLES = 64
export const MAX_KEY_COLUMNS = 4
export const MAX_DEFINED_COLUMNS = 32
export const MIN_TTL_SECONDS = 86_400
export const DEFAULT_DEVIATION_SECONDS = 86_400

/** Of one STRING or BINARY primary key column. */
export const MAX_KEY_VALUE_BYTES = KB
/** Of one STRING or BINARY attribute column. */
export const MAX_ATTRIBUTE_BYTES = 2 * MB
export const MAX_COLUMNS_PER_WRITE = 1024
/** Of one PutRow, UpdateRow or BatchWriteRow, keys and names included. */
export const MAX_WRITE_BYTES = 4 * MB

export const MAX_COLUMNS_TO_GET = 128
export const MAX_FILTERS = 10
export const MAX_ROWS_PER_BATCH_GET = 100
export const MAX_ROWS_PER_BATCH_WRITE = 200
/** GetRange ends a page after so many rows looked at, or before the row that would pass the bytes. */
export const MAX_ROWS_PER_PAGE = 5000
export const MAX_BYTES_PER_PAGE = 4 * MB

/** Timestamps are milliseconds in [0, INT64_MAX / 1000). */
export const MAX_TIMESTAMP = (2n ** 63n - 1n) / 1000n

/** One capacity unit. */
export const CAPACITY_UNIT_BYTES = 4 * KB
