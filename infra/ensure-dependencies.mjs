// Runs before demo, test, check and build, so that each works from a bare clone in one command: installs what package-lock.json
// names, unless exactly that is installed. Plain JavaScript and Node's own modules only: nothing is installed yet when it runs.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const wanted = readPackages('package-lock.json')
// npm writes down here what it installed, in the same form.
const installed = readPackages('node_modules/.package-lock.json')

if (wanted === undefined) {
  console.error('package-lock.json is missing or not readable. Restore it with: git checkout package-lock.json')
  process.exit(1)
}
const reason = findReason(wanted, installed)
if (reason !== undefined) {
  console.error(`${reason}: running npm ci (about half a minute) ...`)
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error('npm ci failed. Check the network and the Node version (20.11 or newer), then run the command again.')
    process.exit(status ?? 1)
  }
}

function findReason(packages, there) {
  if (there === undefined) return 'Dependencies are not installed yet'
  const other = Object.keys(packages).find((path) => path !== '' && !isInstalled(packages[path], there[path]))
  return other && `${other} is not installed as package-lock.json has it`
}

/** What is optional may be left out, for another platform for example; if it is there, it is the right one. */
function isInstalled({ version, integrity, optional, devOptional }, there) {
  if (there === undefined) return Boolean(optional || devOptional)
  return there.version === version && there.integrity === integrity
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(`${root}${path}`, 'utf8')).packages
  } catch {
    return undefined
  }
}
