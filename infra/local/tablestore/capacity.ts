// What a call consumes, in capacity units of 4 KB, rounded up; a call that does its work consumes at least one.

import type { Consumed } from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import { CAPACITY_UNIT_BYTES } from './limits.ts'

/** `read` and `write` in bytes; undefined or 0: none of that kind. */
export function capacity(bytes: { readonly read?: number; readonly write?: number }): Consumed {
  return { capacityUnit: { read: units(bytes.read ?? 0), write: units(bytes.write ?? 0) } }
}

function units(bytes: number): number {
  return Math.ceil(bytes / CAPACITY_UNIT_BYTES)
}
