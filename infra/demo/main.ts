// `npm run demo`: the story of Startgate, played on this machine.
import { parseArgs } from 'node:util'
import { createCleanup } from './cleanup.ts'
import { Deviation } from './deviation.ts'
import { createNarrator } from './narrator.ts'
import type { Stage } from './stage.ts'

const HELP = `Usage: npm run demo [-- <options>]

Plays the story of Startgate on this machine, in about half a minute. Needs no account and no network.

  --keep   stay up after the story and print what to try by hand; Ctrl-C ends it
  --help   print this
`
const INTERRUPTED = 130

const cleanup = createCleanup()
let isTold = false
/** Undefined: nobody has asked for an early end. */
let exitAtSignal: number | undefined

const options = readOptions()
if (options === undefined) process.exitCode = 2
else if (options.help) process.stdout.write(HELP)
else await play(options.keep)

async function play(keep: boolean): Promise<void> {
  const startedAt = Date.now()
  const narrator = createNarrator(process.stdout)
  let stage: Stage | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void endEarly())
  try {
    narrator.title('Startgate: nothing starts without a signature over exactly what will run')
    narrator.say(
      'Starting a machine costs money, and may wake what had better sleep. Here somebody asks for it, a person signs',
      'exactly what will run, and a function of its own starts it, once. This is that story, told by the real thing',
      'on a cloud that lives on this machine.',
    )
    // Loaded only now, so that the first line comes at once.
    const { openStage } = await import('./stage.ts')
    stage = await openStage(narrator, cleanup)
    const { tellStory } = await import('./story.ts')
    await tellStory(stage)
    narrator.good(`told in ${Math.round((Date.now() - startedAt) / 1000)} seconds`)
    isTold = true
    if (keep) {
      const { stayUp } = await import('./keep.ts')
      await stayUp(stage)
    } else narrator.say('To look around by hand: npm run demo -- --keep')
  } catch (error) {
    // What breaks while everything is being taken down says nothing.
    if (exitAtSignal !== undefined) return
    process.exitCode = 1
    if (stage !== undefined) narrator.verbatim(lastWords(stage))
    if (error instanceof Deviation) narrator.fail(`The story does not go as it is told: ${error.message}.`)
    else narrator.fail(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    await cleanup.run()
    narrator.rest()
  }
}

/** The first signal ends in order, a second one at once. After the story it is the ordinary end. */
async function endEarly(): Promise<void> {
  if (exitAtSignal !== undefined) process.exit(exitAtSignal)
  exitAtSignal = isTold ? 0 : INTERRUPTED
  process.stdout.write('\n')
  await cleanup.run()
  process.exit(exitAtSignal)
}

function readOptions(): { readonly keep: boolean; readonly help: boolean } | undefined {
  try {
    const { values } = parseArgs({ options: { keep: { type: 'boolean' }, help: { type: 'boolean' } } })
    return { keep: values.keep ?? false, help: values.help ?? false }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return undefined
  }
}

/** What the functions logged last, for whoever has to find out why. */
function lastWords({ functions }: Stage): readonly string[] {
  return ['gate', 'starter'].flatMap((fn) =>
    functions
      .logs(fn)
      .slice(-8)
      .map(({ text }) => `${fn}: ${text.trimEnd()}`),
  )
}
