// Runs before demo, test, check and build, so that each works from a bare clone in one command.
// Plain JavaScript and Node's own modules only: nothing is installed yet when it runs.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const installed = `${root}node_modules/.package-lock.json`
const lockfile = `${root}package-lock.json`

const reason = !existsSync(installed)
  ? 'Dependencies are not installed yet'
  : statSync(installed).mtimeMs < statSync(lockfile).mtimeMs
    ? 'Dependencies are older than package-lock.json'
    : undefined

if (reason) {
  console.error(`${reason}: running npm ci (about half a minute) ...`)
  const result = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: root, stdio: 'inherit' })
  if (result.status !== 0) {
    console.error('npm ci failed. Check the network and the Node version (20.11 or newer), then run the command again.')
    process.exit(result.status ?? 1)
  }
}
