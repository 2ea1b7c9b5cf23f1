// `npm run demo`: the story of Startgate, played on this machine.
import { writeFile } from 'node:fs/promises'
import { createCleanup } from './cleanup.ts'
import { Deviation } from './deviation.ts'
import { createNarrator } from './narrator.ts'
import { HELP, readOptions, type Options } from './options.ts'
import type { PolicyKey } from './policy.ts'
import type { Stage } from './stage.ts'
import { createTape } from './tape.ts'

const INTERRUPTED = 130

const cleanup = createCleanup()
let isTold = false
/** Undefined: nobody has asked for an early end. */
let exitAtSignal: number | undefined

const options = readOptions(process.argv.slice(2))
if ('problem' in options) giveUp(`${options.problem}\n\n${HELP}`)
else if (options.help) process.stdout.write(HELP)
else {
  const visitor = await readVisitor(options.ssh)
  if ('problem' in visitor) giveUp(`--ssh: ${visitor.problem}\n`)
  else await play(options, visitor.keys)
}

async function play({ keep, ssh, record }: Options, visitor: readonly PolicyKey[]): Promise<void> {
  const startedAt = Date.now()
  const tape = createTape((text) => void process.stdout.write(text))
  const narrator = record === undefined ? createNarrator(process.stdout) : createNarrator(tape.terminal, {})
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
    stage = await openStage(narrator, cleanup, visitor)
    const { tellStory } = await import('./story.ts')
    await tellStory(stage)
    narrator.good(`told in ${Math.round((Date.now() - startedAt) / 1000)} seconds`)
    isTold = true
    if (record !== undefined) {
      const { pickScenes, toSvg } = await import('./recording.ts')
      await writeFile(record, toSvg(pickScenes(tape.blocks())))
    }
    if (keep) {
      const { stayUp } = await import('./keep.ts')
      await stayUp(stage, ssh)
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

/** Before the story, so that a wrong file is said at once. */
async function readVisitor(
  ssh: string | undefined,
): Promise<{ readonly keys: readonly PolicyKey[] } | { readonly problem: string }> {
  if (ssh === undefined) return { keys: [] }
  const { readSshKey } = await import('./visitor-key.ts')
  const read = await readSshKey(ssh)
  return 'problem' in read ? read : { keys: [read.key] }
}

function giveUp(sentence: string): void {
  process.stderr.write(sentence)
  process.exitCode = 2
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
