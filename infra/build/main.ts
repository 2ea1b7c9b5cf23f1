// `npm run build`: --policy <file>, --out <directory>, --quiet, and --deploy, which refuses the example policy.

import { parseArgs } from 'node:util'
import { build } from './build.ts'
import { toTable } from './report.ts'

const { values } = parseArgs({
  options: {
    policy: { type: 'string' },
    out: { type: 'string' },
    deploy: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
})

try {
  const built = await build({ policyFile: values.policy, outDir: values.out, deploy: values.deploy })
  if (!values.quiet) console.log(toTable(built.files))
} catch (error) {
  console.error(`build: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
