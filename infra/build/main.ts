// `npm run build`: --policy <file>, --out <directory>, --quiet, --deploy, which refuses the example policy, and
// --node-flags='<flags>', with which the platform starts Node: bytecode is good for these alone.

import { parseArgs } from 'node:util'
import { build } from './build.ts'
import { toTable } from './report.ts'

const { values } = parseArgs({
  options: {
    policy: { type: 'string' },
    out: { type: 'string' },
    deploy: { type: 'boolean', default: false },
    'node-flags': { type: 'string', default: '' },
    quiet: { type: 'boolean', default: false },
  },
})

try {
  const built = await build({
    policyFile: values.policy,
    outDir: values.out,
    deploy: values.deploy,
    bytecode: { nodeFlags: values['node-flags'].split(' ').filter((flag) => flag !== '') },
  })
  if (!values.quiet) console.log(toTable(built.files))
} catch (error) {
  console.error(`build: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
