import { describe, expect, test } from 'vitest'
import { crc8 } from '#infra/local/tablestore/checksum.ts'
import { Refusal } from '#infra/local/tablestore/refusal.ts'
import { readRow } from '#infra/local/tablestore/row-reader.ts'
import { writeRows } from '#infra/local/tablestore/row-writer.ts'
import { INF_MAX, INF_MIN, blob, bool, crc8Bitwise, double, int, plainRow, text } from '#support/ots-wire.ts'

/** The documentation's example row, its bytes laid out by hand; only the checksums are worked out. */
const EXAMPLE = plainRow({
  key: [
    { name: 'pk1', value: text('iampk') },
    { name: 'pk2', value: int(100) },
  ],
  columns: [
    { name: 'column1', value: text('bad'), timestamp: 1001n },
    { name: 'column2', value: int(128), timestamp: 1002n },
    { name: 'column3', value: double(34.2), timestamp: 1003n },
    { name: 'column4', operation: 1 },
  ],
})

const SMALL = '75000000 01 03 04 01000000 6b 05 09000000 00 0100000000000000 0a 87 09 dd'

describe('the checksum', () => {
  test('gives the check value of CRC-8', () => {
    expect(crc8(0, Buffer.from('123456789'))).toBe(0xf4)
  })

  test('carries on where it stopped', () => {
    expect(crc8(crc8(0, Buffer.from('start')), Buffer.from('gate'))).toBe(crc8(0, Buffer.from('startgate')))
  })
})

describe('reading a row', () => {
  test('takes the smallest row apart, byte by byte', () => {
    expect(crc8Bitwise(hex('6b 00 0100000000000000'))).toBe(0x87)
    expect(crc8Bitwise(hex('87 00'))).toBe(0xdd)
    expect(readRow(hex(SMALL))).toEqual({
      primaryKey: [{ name: 'k', value: { type: 'integer', value: 1n } }],
      attributes: [],
      deleteMarker: false,
    })
  })

  test("reads the documentation's example", () => {
    expect(readRow(EXAMPLE)).toEqual({
      primaryKey: [
        { name: 'pk1', value: { type: 'string', value: 'iampk' } },
        { name: 'pk2', value: { type: 'integer', value: 100n } },
      ],
      attributes: [
        { name: 'column1', value: { type: 'string', value: 'bad' }, timestamp: 1001n },
        { name: 'column2', value: { type: 'integer', value: 128n }, timestamp: 1002n },
        { name: 'column3', value: { type: 'double', value: 34.2 }, timestamp: 1003n },
        { name: 'column4', operation: 'deleteAll' },
      ],
      deleteMarker: false,
    })
  })

  test('reads the other types, the delete marker and a version that is deleted', () => {
    const row = readRow(
      plainRow({
        key: [
          { name: 'a', value: INF_MIN },
          { name: 'b', value: INF_MAX },
          { name: 'c', value: blob(Buffer.of(0, 255)) },
        ],
        columns: [
          { name: 'd', value: bool(true) },
          { name: 'e', operation: 3, timestamp: 5n },
          { name: 'f', value: int(-1), operation: 4 },
        ],
        deleteMarker: true,
      }),
    )
    expect(row.primaryKey.map(({ value }) => value)).toEqual([
      { type: 'infMin' },
      { type: 'infMax' },
      { type: 'binary', value: Buffer.of(0, 255) },
    ])
    expect(row.attributes).toEqual([
      { name: 'd', value: { type: 'boolean', value: true } },
      { name: 'e', operation: 'deleteOne', timestamp: 5n },
      { name: 'f', operation: 'increment', value: { type: 'integer', value: -1n } },
    ])
    expect(row.deleteMarker).toBe(true)
  })

  test('passes over the zeros that the Node SDK leaves behind an update row, and over nothing else', () => {
    expect(readRow(Buffer.concat([hex(SMALL), Buffer.alloc(9)]))).toEqual(readRow(hex(SMALL)))
    expect(() => readRow(Buffer.concat([hex(SMALL), Buffer.of(0, 1)]))).toThrow('data format is invalid.')
  })
})

describe('a broken row is refused', () => {
  test.each([
    ['nothing at all', '', /shorter/],
    ['another header', '76000000 01', /mismatch header/],
    ['a key without cells', '75000000 01 09 00', /no Cells follow/],
    ['a cell without a name', '75000000 01 03 05', /no name/],
    ['a name longer than the body', '75000000 01 03 04 ffffffff 6b', /shorter/],
    ['a value longer than the body', '75000000 01 03 04 01000000 6b 05 ffffff7f 00', /shorter/],
    [
      'a text longer than its value',
      '75000000 01 03 04 01000000 6b 05 06000000 03 ffffff7f 61 0a 00',
      /shorter|mismatch/,
    ],
    ['an unknown type', withValue('05'), /unknown variant/],
    ['a null', withValue('06'), /unknown variant/],
    ['a text that is not UTF-8', withValue('03 01000000 ff'), /must be UTF8/],
    ['a value with more behind it', withValue('02 01 00'), /more data in cell/],
    ['NaN', withValue('01 000000000000f87f'), /NaN/],
    ['infinity', withValue('01 000000000000f07f'), /Infinity/],
    ['an unknown operation', '75000000 01 03 04 01000000 6b 06 02', /op type/],
    ['a cell without a checksum', '75000000 01 03 04 01000000 6b 09 00', /not end with checksum/],
    ['a wrong cell checksum', SMALL.replace('0a 87', '0a 88'), /checksum is mismatch/],
    ['a row without a checksum', SMALL.replace('09 dd', '08'), /not end with checksum|shorter/],
    ['a wrong row checksum', SMALL.replace('09 dd', '09 de'), /checksum is mismatch/],
    ['a cut before the last byte', SMALL.replace('09 dd', '09'), /shorter/],
  ])('%s', (_, bytes, message) => {
    const read = (): unknown => readRow(hex(bytes))
    expect(read).toThrow(Refusal)
    expect(read).toThrow(message)
  })

  test('cut anywhere', () => {
    for (let length = 0; length < EXAMPLE.length; length += 1) {
      expect(() => readRow(EXAMPLE.subarray(0, length)), `${length} bytes`).toThrow(Refusal)
    }
  })

  test('with any one bit flipped', () => {
    for (let bit = 0; bit < EXAMPLE.length * 8; bit += 1) {
      const flipped = Buffer.from(EXAMPLE)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => readRow(flipped), `bit ${bit}`).toThrow(Refusal)
    }
  })
})

describe('writing rows', () => {
  test('writes no bytes for no rows', () => {
    expect(writeRows([])).toEqual(Buffer.alloc(0))
  })

  test('writes what the format says', () => {
    const written = writeRows([
      {
        primaryKey: [{ name: 'k', value: { type: 'string', value: 'ключ' } }],
        attributes: [
          { name: 'a', value: { type: 'integer', value: -(2n ** 63n) }, timestamp: 1001n },
          { name: 'b', value: { type: 'double', value: -0.5 }, timestamp: 1002n },
          { name: 'c', value: { type: 'boolean', value: false }, timestamp: 1003n },
          { name: 'd', value: { type: 'binary', value: Buffer.of(1, 2) }, timestamp: 1004n },
        ],
      },
    ])
    expect(written).toEqual(
      plainRow({
        key: [{ name: 'k', value: text('ключ') }],
        columns: [
          { name: 'a', value: int(-(2n ** 63n)), timestamp: 1001n },
          { name: 'b', value: double(-0.5), timestamp: 1002n },
          { name: 'c', value: bool(false), timestamp: 1003n },
          { name: 'd', value: blob(Buffer.of(1, 2)), timestamp: 1004n },
        ],
      }),
    )
  })

  test('writes one header before many rows', () => {
    const row = { primaryKey: [{ name: 'k', value: { type: 'integer', value: 1n } as const }], attributes: [] }
    const body = hex(SMALL).subarray(4)
    expect(writeRows([row, row])).toEqual(Buffer.concat([hex('75000000'), body, body]))
  })
})

function hex(bytes: string): Buffer {
  return Buffer.from(bytes.replaceAll(' ', ''), 'hex')
}

/** The smallest row with another value, checksums right. */
function withValue(value: string): string {
  return plainRow({ key: [{ name: 'k', value: hex(value) }] }).toString('hex')
}
