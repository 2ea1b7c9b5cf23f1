import type { Command } from 'commander'
import { policySchema } from '#core/policy.ts'
import { toPolicySchema } from '#core/policy-schema.ts'
import { declare, type Cli } from '#lib/cli/command.ts'
import { EXIT } from '#lib/cli/failure.ts'
import { createPrinter } from '#lib/cli/print.ts'

export function addPolicySchema(policy: Command, { io, finish }: Cli): void {
  declare(policy, {
    name: 'schema',
    summary: 'Print the JSON Schema of the policy file, by which editors complete it',
    examples: ['policy schema > policy.schema.json'],
    needs: 'nothing',
  }).action(() => {
    createPrinter(io.stdout, io.env).json(toPolicySchema(policySchema))
    finish(EXIT.good)
  })
}
