// The moving picture of the story: what it shows, and that any viewer can read it.
import { expect, test } from 'vitest'
import { createNarrator } from '#infra/demo/narrator.ts'
import { pickScenes, toSvg } from '#infra/demo/recording.ts'
import { createTape } from '#infra/demo/tape.ts'

const HOSTILE = '“</text><script>alert("1 < 2 && 3")</script>”'

function record(): { readonly shown: string; readonly blocks: readonly string[] } {
  let shown = ''
  const tape = createTape((text) => (shown += text))
  const narrator = createNarrator(tape.terminal, {})
  narrator.title('A story')
  narrator.scene('One')
  narrator.say('What nobody wants to see.')
  narrator.scene('Two')
  narrator.command('mei', 'startgate ask')
  narrator.output(HOSTILE)
  narrator.table([
    ['Name', 'Status'],
    ['gpu-trainer-1', 'Stopped'],
  ])
  narrator.output('启动 gpu')
  narrator.good('started')
  narrator.rest()
  return { shown, blocks: tape.blocks() }
}

const SVG = toSvg(pickScenes(record().blocks, ['Two']))

/** Tags that are closed by no other; nothing outside of them that only markup may use. */
function findFlaws(xml: string): readonly string[] {
  const open: string[] = []
  const flaws: string[] = []
  for (const [, end, name = '', own] of xml.matchAll(/<(\/?)([a-z]+)(?: [\w:-]+="[^"<>]*")*(\/?)>/g)) {
    if (end !== '/' && own !== '/') open.push(name)
    if (end === '/' && open.pop() !== name) flaws.push(name)
  }
  const text = xml.replaceAll(/<[^<>]*>|&(?:lt|gt|amp);/g, '')
  return [...flaws, ...open, ...(text.match(/[<>&\p{Cc}]/gu) ?? []).filter((character) => character !== '\n')]
}

test('lets the story through, in colour', () => {
  const { shown, blocks } = record()
  expect(shown).toBe(blocks.join(''))
  expect(shown).toContain('\u001B[32m')
})

test('leaves out what is written over', () => {
  const tape = createTape(() => undefined)
  for (const text of ['\r\u001B[2K  ⠋ waiting', '\r\u001B[2K  done\n']) tape.terminal.write(text)
  expect(tape.blocks()).toEqual(['  done\n'])
})

test('shows the scenes that are picked, in the order in which they are asked for', () => {
  const { blocks } = record()
  expect(pickScenes(blocks, ['Two', 'One']).join('')).toMatch(/Two[^]*started[^]*One[^]*What nobody/)
  expect(SVG).not.toContain('What nobody')
  expect(() => pickScenes(blocks, ['Three'])).toThrow('no scene is called “Three”')
})

test('is well-formed, and what was printed is text in it', () => {
  expect(findFlaws(SVG)).toEqual([])
  expect(findFlaws('<svg><g></svg>&')).not.toEqual([])
  expect(SVG).toContain('>“&lt;/text&gt;&lt;script&gt;alert("1 &lt; 2 &amp;&amp; 3")&lt;/script&gt;”</text>')
})

test('needs nothing from elsewhere', () => {
  expect(SVG.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
    /https?:|href|url\(|@import|@font-face|<script/,
  )
})

test('is painted as the narrator paints', () => {
  expect(SVG).toMatch(/<text class="b" [^>]*>startgate ask<\/text>/)
  expect(SVG).toMatch(/<text class="g" [^>]*>started<\/text>/)
  expect(SVG).toMatch(/<text x[^>]*>gpu-trainer-1<\/text>/)
})

test('columns stand below each other, and wide characters take two', () => {
  const xOf = (text: string) => Number(new RegExp(`x="([\\d.]+)" y="\\d+">${text}<`).exec(SVG)?.[1])
  expect(xOf('Status')).toBe(xOf('Stopped'))
  expect(xOf('Name')).toBe(xOf('gpu-trainer-1'))
  const [wide] = [...toSvg(['  启动\u001B[32m  started\u001B[39m\n']).matchAll(/x="([\d.]+)" y="15">started/g)]
  const [narrow] = [...toSvg(['  gpu-\u001B[32m  started\u001B[39m\n']).matchAll(/x="([\d.]+)" y="15">started/g)]
  expect(wide?.[1]).toBe(narrow?.[1])
})

test('fills the window from above, then pushes up, and ends where it stands without motion', () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}\n`)
  const svg = toSvg(lines)
  const [cover, roll] = ['cover', 'roll'].map((name) => {
    const [, still] = new RegExp(`\\.${name} \\{ transform: translateY\\((-?\\d+)px\\)`).exec(svg) ?? []
    const [, frames = ''] = new RegExp(`@keyframes ${name} \\{\n([^@]*?)\n\\}`).exec(svg) ?? []
    const moves = [...frames.matchAll(/^([\d.]+)% \{ transform: translateY\((-?\d+)px\) \}$/gm)]
    return { still: Number(still), at: moves.map(([, at]) => Number(at)), to: moves.map(([, , to]) => Number(to)) }
  })
  expect(cover).toMatchObject({ still: 520, to: Array.from({ length: 17 }, (_, index) => 200 + 20 * index) })
  expect(roll).toMatchObject({ still: -280, to: Array.from({ length: 15 }, (_, index) => -20 * index || 0) })
  for (const { at } of [cover, roll].filter((move) => move !== undefined)) {
    expect(at[0]).toBe(0)
    expect(at).toEqual([...at].sort((one, other) => one - other))
    expect(at.at(-1)).toBeLessThan(100)
  }
  expect(svg).toContain('@media (prefers-reduced-motion: reduce) { .roll, .cover { animation: none } }')
})
