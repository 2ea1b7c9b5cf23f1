// The one door to the SDK: its compiled protobuf messages, and nothing else of it, so that its bugs are not shared.

import root from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import type { Codec, Int64 } from '@alicloud/tablestore/lib/protocol/tablestore_compiled_proto.js'
import { invalid } from './refusal.ts'

export const messages = root.main.proto
export const filterMessages = root.filter.proto

/** The message in `bytes`. 400 OTSParameterInvalid with `otherwise` for anything that is not one. */
export function decode<Message>(codec: Codec<Message>, bytes: Uint8Array, otherwise: string): Message {
  try {
    return codec.decode(bytes)
  } catch (error) {
    throw invalid(`${otherwise} ${error instanceof Error ? error.message : ''}`.trim())
  }
}

export function encode<Message>(codec: Codec<Message>, message: Message): Buffer {
  return Buffer.from(codec.encode(message).finish())
}

/** Whether the optional field was sent; an absent one reads as its default. */
export function has<Message extends object>(message: Message, field: keyof Message): boolean {
  return Object.hasOwn(message, field)
}

export function toBigInt(number: Int64 | number): bigint {
  return BigInt(number.toString())
}
