// What was verified, and which of the two kinds of calls it was. The kind is fixed before anything is read: the body of a
// card callback is anybody's who has caught its headers, so it must never pass for a message to the robot.

export interface Call {
  readonly kind: 'robot' | 'card'
  /** When DingTalk says it was made: epoch ms, as text. */
  readonly at: string
  readonly body: Uint8Array
}

export function writeCall({ kind, at, body }: Call): Uint8Array {
  return Buffer.concat([Buffer.from(`${kind} ${at}\n`), body])
}

/** Undefined for bytes that `writeCall` has not made. */
export function readCall(bytes: Uint8Array): Call | undefined {
  const end = bytes.indexOf(10)
  const head = Buffer.from(bytes.subarray(0, Math.max(end, 0))).toString('latin1')
  const [, kind, at] = /^(robot|card) ([0-9]{13})$/.exec(head) ?? []
  if ((kind !== 'robot' && kind !== 'card') || at === undefined) return undefined
  return { kind, at, body: bytes.subarray(end + 1) }
}
