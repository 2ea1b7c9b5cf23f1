// Tells the story: what each kind of line looks like, in colour only on a terminal.
import { layTable } from '#lib/cli/table.ts'
import pc from 'picocolors'
import { createScreen, type Paint, type Screen, type Terminal } from './screen.ts'

export interface Narrator extends Pick<Screen, 'during' | 'rest'> {
  title(text: string): void
  /** Begins the next numbered scene. */
  scene(title: string): void
  /** A paragraph. */
  say(...sentences: readonly string[]): void
  /** Something went as it should. */
  good(text: string): void
  /** Something was refused, as it should be. */
  refused(text: string): void
  fail(text: string): void
  /** A state that a request is in now. */
  state(state: string, headline: string): void
  /** What reached the team's own tool. */
  news(text: string): void
  /** What happened in the cloud, or in the log of a function. */
  cloud(text: string): void
  /** What somebody types. */
  command(who: string, line: string): void
  /** What somebody types or taps in a chat. */
  chat(who: string, line: string): void
  /** A message of the gate in a chat, as people there see it. */
  card(card: { readonly title: string; readonly lines: readonly string[]; readonly buttons: readonly string[] }): void
  /** What a command prints. */
  output(line: string): void
  /** The first row is the heading. */
  table(rows: readonly (readonly string[])[]): void
  /** Lines to copy: never wrapped. */
  verbatim(lines: readonly string[]): void
  /** As `during`, and what comes from elsewhere meanwhile is told afterwards. */
  undisturbed<Result>(what: string, work: Promise<Result>): Promise<Result>
}

export function createNarrator(out: Terminal, env: NodeJS.ProcessEnv = process.env): Narrator {
  const isTerminal = out.isTTY && env['TERM'] !== 'dumb'
  const color = pc.createColors(isTerminal && (env['NO_COLOR'] ?? '') === '')
  const screen = createScreen(out, isTerminal, color.dim)
  let scenes = 0
  let held: (() => void)[] | undefined

  const marked = (mark: string, paint: Paint) => (text: string) =>
    screen.print({ text: `  ${mark} `, paint }, text, paint)
  /** Comes from elsewhere, at any time. */
  const aside = (tell: (text: string) => void) => (text: string) => {
    if (held === undefined) tell(text)
    else held.push(() => tell(text))
  }

  return {
    during: screen.during,
    rest: screen.rest,
    title(text) {
      screen.gap()
      screen.print({ text: '  ' }, text, color.bold)
    },
    scene(title) {
      scenes += 1
      const rule = '─'.repeat(Math.max(0, screen.width() - title.length - String(scenes).length - 6))
      screen.gap()
      screen.write(`${color.bold(`── ${scenes}  ${title}`)} ${color.dim(rule)}\n`)
    },
    say(...sentences) {
      screen.gap()
      screen.print({ text: '  ' }, sentences.join(' '))
    },
    good: marked('✓', color.green),
    refused: marked('✗', color.yellow),
    fail: marked('✗', color.red),
    state: (state, headline) => screen.print({ text: `  → ${state.padEnd(9)} `, paint: color.bold }, headline),
    news: aside(marked('»', color.cyan)),
    cloud: aside(marked('▸', color.magenta)),
    command(who, line) {
      screen.gap()
      screen.print({ text: `  ${who}$ `, paint: color.dim }, line, color.bold)
    },
    chat(who, line) {
      screen.gap()
      screen.print({ text: `  ${who}: `, paint: color.dim }, line, color.bold)
    },
    card({ title, lines, buttons }) {
      screen.gap()
      screen.print({ text: '  ┌ ', paint: color.dim }, title, color.bold)
      for (const line of lines) screen.print({ text: '  │ ', paint: color.dim, everywhere: true }, line)
      screen.print({ text: '  └ ', paint: color.dim }, buttons.map((label) => `[${label}]`).join(' '), color.cyan)
    },
    output: (line) => screen.print({ text: '  │ ', paint: color.dim, everywhere: true }, line),
    table([heading = [], ...rows]) {
      screen.gap()
      const [first = '', ...laid] = layTable([heading, ...rows], [...heading.keys()], screen.width() - 2)
      screen.write(`  ${color.dim(first)}\n${laid.map((row) => `  ${row}\n`).join('')}`)
    },
    verbatim(lines) {
      screen.gap()
      screen.write(lines.map((line) => (line === '' ? '\n' : `  ${line}\n`)).join(''))
    },
    async undisturbed(what, work) {
      held = []
      try {
        return await screen.during(what, work)
      } finally {
        const tales = held
        held = undefined
        for (const tell of tales) tell()
      }
    },
  }
}
