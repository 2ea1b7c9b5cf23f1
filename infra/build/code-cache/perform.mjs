// One function of an artifact, played in a process of its own: `node perform.mjs <artifact> <function>`. The parent sends
// invocations one after the other; when it hangs up, the bytecode of all that ran is written beside the code. Plain JavaScript
// and Node's own modules only, because what is loaded here must be what is loaded in the cloud.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , artifact, name] = process.argv
const { handler, listBytecode } = await import(pathToFileURL(join(artifact, `${name}.mjs`)).href)

process.on('message', (invocation) => void perform(invocation))

process.once('disconnect', () => {
  for (const [file, bytecode] of listBytecode()) writeFileSync(file, bytecode)
  process.exit(0)
})
process.send({ answer: 'ready' })

async function perform({ event, context }) {
  try {
    process.send({ answer: await handler(Buffer.from(event), context) })
  } catch (error) {
    process.send({ problem: String(error) })
  }
}
