import { expect, test } from 'vitest'
import { createNarrator } from '#infra/demo/narrator.ts'

const LONG = 'Startgate: nothing starts without a signature over exactly what will run'
const TABLE = [
  ['Instance', 'Name', 'Type', 'Status'],
  ['i-bp1reporting0001', 'reporting-1', 'ecs.g7.2xlarge', 'Stopped'],
]

function tell(columns: number | undefined): readonly string[] {
  let written = ''
  const out = { isTTY: false, columns, write: (text: string) => (written += text) }
  const narrator = createNarrator(out)
  narrator.title(LONG)
  narrator.table(TABLE)
  narrator.rest()
  return written.split('\n')
}

test.each([undefined, 0, 80])('%s columns are those of a common terminal', (columns) => {
  expect(tell(columns)).toEqual([
    '',
    `  ${LONG}`,
    '',
    '  Instance            Name         Type            Status',
    '  i-bp1reporting0001  reporting-1  ecs.g7.2xlarge  Stopped',
    '',
  ])
})

test('a narrow terminal gets a title in lines, and cells that are cut', () => {
  const lines = tell(50)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(50)
  expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain(LONG)
  expect(lines.at(-2)).toMatch(/^ {2}i-bp1.*…\w*0001 +reporting-1 .*Stopped$/)
})
