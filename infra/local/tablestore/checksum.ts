// CRC-8 as PlainBuffer uses it: polynomial x^8 + x^2 + x + 1, start 0, nothing reflected.

const POLYNOMIAL = 0x07
const NEXT = Uint8Array.from({ length: 256 }, (_, byte) => shiftOut(byte))

/** The checksum `crc` carried on over `bytes`. */
export function crc8(crc: number, bytes: Uint8Array): number {
  let sum = crc
  for (const byte of bytes) sum = crc8Byte(sum, byte)
  return sum
}

/** The checksum `crc` carried on over one byte. */
export function crc8Byte(crc: number, byte: number): number {
  return NEXT[(crc ^ byte) & 0xff] ?? 0
}

function shiftOut(byte: number): number {
  let rest = byte
  for (let bit = 0; bit < 8; bit += 1) rest = ((rest << 1) ^ (rest & 0x80 ? POLYNOMIAL : 0)) & 0xff
  return rest
}
