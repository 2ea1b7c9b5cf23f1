// The story as a moving picture: one SVG, without script, fonts or anything else from outside.
import { stripVTControlCharacters } from 'node:util'
import { countColumns } from '#lib/cli/wrap.ts'
import { Deviation } from './deviation.ts'
import { COLUMNS } from './tape.ts'

/** The scenes that say what it is about. */
const SCENES = ['A person asks, over HTTPS', 'What is refused', 'Who allowed what, and the proof']
const TITLE = 'Startgate: a start is asked for, signed, carried out once, and proved'
const DESCRIPTION =
  'A recorded terminal. mei asks for a stopped machine; chen reads what would run, and signs exactly that; the starter verifies ' +
  'the signature and starts the machine once. Approving one’s own wish, a copied approval, a used one, and a start by the ' +
  'function on the internet are refused. At the end a receipt is verified offline, and a changed one is found out.'

/** Px. Common monospaced fonts are as wide as this, or a little narrower. */
const COLUMN = 8.4
const LINE = 20
const MARGIN = 18
const TOP = 44
const ROWS = 26

/** For reading, where the story itself only waits. */
const PAUSE_MS = 60
const CHARACTER_MS = 5
const REST_MS = 8000
/** Whoever looks for a moment sees what is going on. */
const FIRST_ROWS = 10

/** A class for each way in which the narrator paints. */
const STYLES: Readonly<Record<string, string>> = { 1: 'b', 2: 'd', 31: 'r', 32: 'g', 33: 'y', 35: 'm', 36: 'c' }

/** Ink, quiet, border, paper; then as `STYLES`: refused for good, went well, refused, cloud, news. */
const LIGHT = ['#1f2328', '#59636e', '#d0d7de', '#f6f8fa', '#b3202c', '#116329', '#7d4e00', '#6f3fc4', '#0b5f75']
const DARK = ['#e6edf3', '#9198a1', '#3d444d', '#0d1117', '#ff7b72', '#3fb950', '#d29922', '#d2a8ff', '#39c5cf']
const COLOURS = ['ink', 'd', 'border', 'paper', 'r', 'g', 'y', 'm', 'c']

/** The blocks of these scenes, in their order. */
export function pickScenes(blocks: readonly string[], titles: readonly string[] = SCENES): readonly string[] {
  const titleOf = (block: string) => /^── \d+ {2}(.*?) ─*\n/.exec(stripVTControlCharacters(block))?.[1]
  return titles.flatMap((title) => {
    const begin = blocks.findIndex((block) => titleOf(block) === title)
    if (begin === -1) throw new Deviation(`no scene is called “${title}”`)
    const length = blocks.slice(begin + 1).findIndex((block) => titleOf(block) !== undefined)
    return blocks.slice(begin, length === -1 ? undefined : begin + 1 + length)
  })
}

/** `blocks`: in the colours of the narrator, as wide as a tape. Each appears at once; the last ones stay. */
export function toSvg(blocks: readonly string[]): string {
  const lines = blocks.flatMap((block) => block.slice(0, -1).split('\n'))
  const width = COLUMNS * COLUMN + 2 * MARGIN
  const height = TOP + ROWS * LINE + MARGIN
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${escape(TITLE)}</title>
<desc id="desc">${escape(DESCRIPTION)}</desc>
<style>
${toColours(LIGHT)}
@media (prefers-color-scheme: dark) { ${toColours(DARK)} }
rect { fill: var(--paper) }
.frame { stroke: var(--border) }
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace; fill: var(--ink) }
.b { font-weight: 600 }
${['d', 'r', 'g', 'y', 'm', 'c'].map((style) => `.${style} { fill: var(--${style}) }`).join('\n')}
${toAnimation(blocks)}
@media (prefers-reduced-motion: reduce) { .roll, .cover { animation: none } }
</style>
<rect class="frame" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
<text class="d" x="${MARGIN}" y="27">npm run demo: three of its scenes</text>
<svg y="${TOP}" height="${ROWS * LINE}"><g class="roll">
${lines.map(toLine).join('\n')}
</g><rect class="cover" x="1" width="${width - 2}" height="${ROWS * LINE}"/></svg>
</svg>
`
}

function toColours(values: readonly string[]): string {
  return `svg { ${COLOURS.map((name, at) => `--${name}: ${values[at] ?? ''}`).join('; ')} }`
}

/** A cover goes down until the window is full; from then on the lines are pushed up, as those of a terminal are. */
function toAnimation(blocks: readonly string[]): string {
  const steps: { readonly atMs: number; readonly rows: number }[] = []
  let atMs = 0
  let rows = 0
  for (const block of blocks) {
    rows += block.split('\n').length - 1
    if (rows < FIRST_ROWS) continue
    steps.push({ atMs, rows })
    atMs += PAUSE_MS + CHARACTER_MS * countColumns(block)
  }
  const totalMs = atMs + REST_MS
  const move = (name: string, toRow: (rows: number) => number) => {
    const to = (after: number) => `transform: translateY(${toRow(after) * LINE}px)`
    const moving = steps.filter(
      ({ rows: now }, index) => index === 0 || toRow(now) !== toRow(steps[index - 1]?.rows ?? 0),
    )
    const frames = moving.map((step) => `${((100 * step.atMs) / totalMs).toFixed(2)}% { ${to(step.rows)} }`)
    return `.${name} { ${to(rows)}; animation: ${name} ${(totalMs / 1000).toFixed(1)}s step-end infinite }
@keyframes ${name} {
${frames.join('\n')}
}`
  }
  return `${move('cover', (after) => Math.min(after, ROWS))}\n${move('roll', (after) => Math.min(0, ROWS - after))}`
}

/** Every run of words has its own place, so that columns stand below each other in any font. */
function toLine(line: string, index: number): string {
  const y = index * LINE + 15
  let column = 0
  const runs = toPainted(line).flatMap(({ style, text }) => {
    const start = column
    column += countColumns(text)
    return [...text.matchAll(/\S+(?: \S+)*/g)].map((words) => {
      const x = MARGIN + (start + countColumns(text.slice(0, words.index))) * COLUMN
      return `<text${style === '' ? '' : ` class="${style}"`} x="${+x.toFixed(1)}" y="${y}">${escape(words[0])}</text>`
    })
  })
  return runs.join('')
}

/** The narrator paints one way at a time. */
function toPainted(line: string): readonly { readonly style: string; readonly text: string }[] {
  const [plain = '', ...painted] = line.split('\u001B[')
  return [
    { style: '', text: plain },
    ...painted.map((part) => {
      const end = part.indexOf('m')
      return { style: STYLES[part.slice(0, end)] ?? '', text: part.slice(end + 1) }
    }),
  ]
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function escape(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? character)
}
