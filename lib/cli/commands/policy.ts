// What belongs to the policy file has one name before it: `startgate policy check`.
import type { Command } from 'commander'
import type { Cli } from '#lib/cli/command.ts'
import { addPolicyCheck } from './policy-check.ts'
import { addPolicySchema } from './policy-schema.ts'
import { addPolicyWho } from './policy-who.ts'

const EXAMPLES = `
Examples:
  $ startgate policy check
  $ startgate policy who --instance report-db --tag team=reporting

startgate policy <command> --help shows options and exit codes.`

export function addPolicy(program: Command, cli: Cli): void {
  const summary = 'Check and explain a policy file; needs no network'
  const policy = program.command('policy').summary(summary).description(summary).addHelpText('after', EXAMPLES)
  for (const add of [addPolicyCheck, addPolicyWho, addPolicySchema]) add(policy, cli)
}
