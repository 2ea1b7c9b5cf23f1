// The binary form of SSH keys and signatures (RFC 4251 §5), read to the last byte or not at all.

/** Strings, each after its length, that fill the bytes exactly; undefined when they do not. */
export function readStrings(bytes: Buffer): readonly Buffer[] | undefined {
  const strings: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    if (bytes.length - at < 4) return undefined
    const end = at + 4 + bytes.readUInt32BE(at)
    if (end > bytes.length) return undefined
    strings.push(bytes.subarray(at + 4, end))
    at = end
  }
  return strings
}

/** A positive number of up to 256 bits in its one shortest spelling, as 32 bytes. */
export function readNumber(bytes: Buffer): Buffer | undefined {
  const [first = 0x80, second = 0] = bytes
  // The highest bit is the sign: a zero goes before a number that would seem negative, and before no other.
  if (first >= 0x80 || (first === 0 && second < 0x80)) return undefined
  const digits = first === 0 ? bytes.subarray(1) : bytes
  return digits.length > 32 ? undefined : Buffer.concat([Buffer.alloc(32 - digits.length), digits])
}
